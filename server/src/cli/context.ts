import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '../core.ts';
import { type SummaryDocument, subjectOf } from '../summary/subjects.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import type { ContextPiece } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import {
  type Command,
  type CommandContext,
  integerOption,
  parseArguments,
  parsePlace,
  UsageError,
} from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { printedPath, readNamedFile } from './files.ts';
import { openRepositories } from './repositories.ts';
import { documentOf, openCore, settingsFrom } from './session.ts';

const defaultBudget = 1000;

interface ShownContext {
  readonly subject: { readonly path: string; readonly symbol: string; readonly kind: string; readonly range: Range };
  readonly budget: number;
  readonly tokens: number;
  readonly pieces: readonly ContextPiece[];
}

export const contextCommand: Command = {
  usage: 'FILE:LINE [--budget TOKENS] [--json]',
  summary: 'shows what of the repository a model is told beside a symbol, and why',
  async run(context) {
    const options = { json: { type: 'boolean' }, budget: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(context.args, options);
    const place = positionals.length === 1 ? parsePlace(positionals[0] ?? '') : undefined;
    if (place?.line === undefined) throw new UsageError('name one FILE:LINE.');
    const budget = integerOption('budget', values.budget, 1, defaultBudget);
    const file = path.resolve(context.cwd, place.file);
    if (!existsSync(file)) throw new Error(`${place.file}: there is no such file: check the path.`);
    const repositories = openRepositories(context);
    // Whatever answers by default: what is shown is what a model would be told.
    const settings = { ...settingsFrom({}), provider: 'embedded' as const };
    const core = openCore(context, settings, { sourceOf: repositories.sourceOf });
    try {
      await repositories.prepare(file);
      const shown = await contextOf(context, core, { file, line: place.line, budget });
      context.output.out(values.json === true ? jsonOf(shown) : textOf(shown));
      return 0;
    } finally {
      core.dispose();
      repositories.dispose();
    }
  },
};

async function contextOf(
  context: CommandContext,
  core: Core,
  { file, line, budget }: { readonly file: string; readonly line: number; readonly budget: number },
): Promise<ShownContext> {
  const named = await readNamedFile({ file, path: printedPath(file, context.cwd) });
  const syntax = await core.syntax.open(named.language, named.source.text, context.signal);
  try {
    const document: SummaryDocument = documentOf(context, named, syntax);
    const index = syntax.symbolAt(line);
    const symbol = index === undefined ? undefined : syntax.outline.symbols[index];
    if (index === undefined || symbol === undefined)
      throw new Error(`${named.path}:${line + 1}: no symbol stands there.`);
    const subject = {
      path: named.path,
      symbol: symbolPaths(syntax.outline)[index] ?? symbol.name,
      kind: symbol.kind,
      range: symbol.range,
    };
    const pieces = await core.context.gather(subjectOf(document, index), syntax, budget, context.signal);
    return { subject, budget, tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0), pieces };
  } finally {
    syntax.dispose();
  }
}

function jsonOf({ pieces, ...rest }: ShownContext): string {
  const shown = pieces.map(({ hash: _, file: __, ...piece }) => piece);
  return `${JSON.stringify({ schema: schemaVersion, ...rest, pieces: shown }, null, 2)}\n`;
}

function textOf({ subject, budget, tokens, pieces }: ShownContext): string {
  const head = `${subject.path}:${subject.range.start.line + 1}  ${subject.kind} ${subject.symbol}: ${tokens} of ${budget} tokens\n`;
  const shown = pieces.map(
    ({ role, path: file, symbol, range, score, form, text, tokens: own, why = '' }) =>
      `\n${role}  ${file}:${range.start.line + 1}  ${symbol ?? ''}  ${why}  (${form}, ${own} tokens, score ${score})\n${indented(text)}\n`,
  );
  return head + shown.join('');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
