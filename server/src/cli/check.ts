import { existsSync } from 'node:fs';
import path from 'node:path';
import { commentStanding } from '../bulk/moduleComments.ts';
import { type Command, type CommandContext, integerOption, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { type DriftCheck, driftOf } from './checkDrift.ts';
import { expandFiles, readNamedFile } from './files.ts';
import { openCore, openSyntax, providerOptions, settingsFrom } from './session.ts';

/** Something that a build may fail for; 0-based line. */
export interface Finding {
  readonly kind: 'stale' | 'missing' | 'drifted';
  readonly path: string;
  readonly line: number;
  /** Absent where the file as a whole is meant. */
  readonly symbol?: string;
  readonly message: string;
}

/** What `check --json` prints. `symbols` counts what was looked at: each file's module comment, and whatever further checks look at. */
interface Report {
  readonly symbols: number;
  readonly fresh: number;
  readonly stale: number;
  readonly missing: number;
  readonly drifted: number;
  readonly findings: readonly Finding[];
}

const checkOptions = {
  json: { type: 'boolean' },
  'max-stale': { type: 'string' },
  'max-missing': { type: 'string' },
  'max-drifted': { type: 'string' },
  drift: { type: 'boolean' },
  history: { type: 'string' },
  ...providerOptions,
} as const;

/** Earlier versions of a file, when nothing else is said. */
const defaultHistory = 5;

export const checkCommand: Command = {
  usage:
    'DIR [--max-stale N|N%] [--max-missing N|N%] [--drift [--max-drifted N|N%] [--history VERSIONS] [--provider P]] [--json]',
  summary:
    'fails when module comments are outdated or missing, beyond thresholds (none of either), with --drift also when comments no longer fit their code; asks no model that --provider does not name',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, checkOptions);
    if (positionals.length !== 1) throw new UsageError('name one folder.');
    const limits = {
      stale: thresholdOf('max-stale', values['max-stale']),
      missing: thresholdOf('max-missing', values['max-missing']),
      drifted: thresholdOf('max-drifted', values['max-drifted']),
    };
    const [folder = ''] = positionals;
    // A pipeline whose folder was renamed must not pass for good.
    if (!existsSync(path.resolve(context.cwd, folder))) throw new Error(`${folder} is not there: check the path.`);
    const report = await withDrift(context, values, (drift) => check(context, positionals, drift));
    context.output.out(
      values.json === true ? `${JSON.stringify({ schema: schemaVersion, ...report }, null, 2)}\n` : printed(report),
    );
    const beyond = (['stale', 'missing', 'drifted'] as const).filter(
      (kind) => report[kind] > limits[kind](report.symbols),
    );
    if (beyond.length > 0)
      context.output.err(
        `codegloss check: more ${beyond.join(' and ')} comments than allowed: 'codegloss comment --write' renews module comments; what people wrote is theirs to mend.\n`,
      );
    return beyond.length > 0 ? 1 : 0;
  },
};

async function check(
  context: CommandContext,
  folders: readonly string[],
  drift: DriftCheck | undefined,
): Promise<Report> {
  const count = { symbols: 0, fresh: 0, stale: 0, missing: 0, drifted: 0 };
  const findings: Finding[] = [];
  for (const named of await expandFiles(folders, context.cwd, context.signal)) {
    context.signal.throwIfAborted();
    const file = await readNamedFile(named).catch(() => undefined);
    if (file === undefined) continue;
    if (drift !== undefined) {
      const { symbols, drifted } = await driftOf(file, drift);
      count.symbols += symbols;
      count.fresh += symbols - new Set(drifted.map(({ symbol }) => symbol)).size;
      count.drifted += drifted.length;
      findings.push(...drifted.map((each) => ({ kind: 'drifted' as const, path: file.path, ...each })));
    }
    const standing = commentStanding(file.source.text, file.language);
    if (standing === 'impossible') continue;
    count.symbols++;
    if (standing === 'stale' || standing === 'missing') {
      count[standing]++;
      findings.push({ kind: standing, path: file.path, line: 0, message: messages[standing] });
    } else count.fresh++;
  }
  return { ...count, findings };
}

/** The check of comments against their code, when it is asked for; whoever judges them is closed afterwards. */
async function withDrift<T>(
  context: CommandContext,
  values: Parameters<typeof settingsFrom>[0] & {
    readonly drift?: boolean | undefined;
    readonly history?: string | undefined;
  },
  work: (drift: DriftCheck | undefined) => Promise<T>,
): Promise<T> {
  if (values.drift !== true) return work(undefined);
  const versions = integerOption('history', values.history, 0, defaultHistory);
  const shared = { versions, env: context.env, signal: context.signal };
  if (values.provider === undefined) {
    const syntax = openSyntax();
    return work({ ...shared, syntax }).finally(() => syntax.dispose());
  }
  const core = openCore(context, settingsFrom(values));
  return work({ ...shared, syntax: core.syntax, judge: core.producer() }).finally(() => core.dispose());
}

const messages = {
  stale: 'the module comment was written for other code',
  missing: 'there is no module comment',
} as const;

/** `N` files, or `N%` of all. */
function thresholdOf(name: string, value: string | undefined): (symbols: number) => number {
  if (value === undefined) return () => 0;
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value);
  if (match === null)
    throw new UsageError(`--${name} wants a number such as 10 or a share such as 5%, not '${value}'.`);
  const number = Number(match[1]);
  return match[2] === '%' ? (symbols) => (symbols * number) / 100 : () => number;
}

function printed({ symbols, fresh, stale, missing, drifted, findings }: Report): string {
  const lines = findings.map(({ path, line, message }) => `${path}:${line + 1}: ${message}\n`);
  return `${lines.join('')}${symbols} comments: ${fresh} fresh, ${stale} outdated, ${missing} missing${drifted > 0 ? `, ${drifted} claims that no longer hold` : ''}\n`;
}
