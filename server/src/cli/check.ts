import { commentStanding } from '../bulk/moduleComments.ts';
import { type Command, type CommandContext, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { expandFiles, readNamedFile } from './files.ts';

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
} as const;

export const checkCommand: Command = {
  usage: 'DIR [--max-stale N|N%] [--max-missing N|N%] [--json]',
  summary: 'fails when module comments are outdated or missing, beyond thresholds (none of either); asks no model',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, checkOptions);
    if (positionals.length !== 1) throw new UsageError('name one folder.');
    const limits = {
      stale: thresholdOf('max-stale', values['max-stale']),
      missing: thresholdOf('max-missing', values['max-missing']),
    };
    const report = await check(context, positionals);
    context.output.out(
      values.json === true ? `${JSON.stringify({ schema: schemaVersion, ...report }, null, 2)}\n` : printed(report),
    );
    const beyond = (['stale', 'missing'] as const).filter((kind) => report[kind] > limits[kind](report.symbols));
    if (beyond.length > 0)
      context.output.err(
        `codegloss check: more ${beyond.join(' and ')} module comments than allowed: 'codegloss comment --write' on these files renews them.\n`,
      );
    return beyond.length > 0 ? 1 : 0;
  },
};

async function check(context: CommandContext, folders: readonly string[]): Promise<Report> {
  const count = { symbols: 0, fresh: 0, stale: 0, missing: 0 };
  const findings: Finding[] = [];
  for (const named of await expandFiles(folders, context.cwd, context.signal)) {
    context.signal.throwIfAborted();
    const file = await readNamedFile(named).catch(() => undefined);
    if (file === undefined) continue;
    const standing = commentStanding(file.source.text, file.language);
    if (standing === 'impossible') continue;
    count.symbols++;
    if (standing === 'stale' || standing === 'missing') {
      count[standing]++;
      findings.push({ kind: standing, path: file.path, line: 0, message: messages[standing] });
    } else count.fresh++;
  }
  return { ...count, drifted: 0, findings };
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

function printed({ symbols, fresh, stale, missing, findings }: Report): string {
  const lines = findings.map(({ path, line, message }) => `${path}:${line + 1}: ${message}\n`);
  return `${lines.join('')}${symbols} module comments: ${fresh} fresh, ${stale} outdated, ${missing} missing\n`;
}
