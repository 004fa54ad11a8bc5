import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gatherFromIndex, type RepositoryContext } from '../context/repositoryContext.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import { decodeSource } from '../repository/sourceText.ts';
import { type Command, integerOption, parseArguments, parsePlace, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { updateIndex } from './indexing.ts';

const defaultBudget = 1000;

export const contextCommand: Command = {
  usage: 'FILE:LINE [--budget TOKENS] [--json]',
  summary: 'shows what of the repository belongs beside a symbol, and why',
  async run(context) {
    const options = { json: { type: 'boolean' }, budget: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(context.args, options);
    const place = positionals.length === 1 ? parsePlace(positionals[0] ?? '') : undefined;
    if (place?.line === undefined) throw new UsageError('name one FILE:LINE.');
    const budget = integerOption('budget', values.budget, 1, defaultBudget);
    const named = path.resolve(context.cwd, place.file);
    if (!existsSync(named)) throw new Error(`${place.file}: there is no such file: check the path.`);
    const file = realpathSync(named);
    const { location } = await updateIndex(context, repositoryAround(file, realpathSync(context.cwd)));
    const database = openIndexDatabase(location.database);
    try {
      const found = await gatherFromIndex(database, {
        path: path.relative(location.root, file).split(path.sep).join('/'),
        line: place.line,
        budget,
        linesOf: lineReader(location.root),
      });
      if (found === undefined) throw new Error(`${place.file}:${place.line + 1}: no symbol in the index stands there.`);
      context.output.out(values.json === true ? jsonOf(found) : textOf(found));
      return 0;
    } finally {
      database.close();
    }
  },
};

/** The nearest folder above the file that holds `.git`, else the working directory, else the file's own folder. */
function repositoryAround(file: string, cwd: string): string {
  for (let folder = path.dirname(file); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return folder;
  }
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? path.dirname(file) : cwd;
}

function lineReader(root: string): (file: string) => Promise<readonly string[] | undefined> {
  return async (file) => {
    const bytes = await readFile(path.join(root, file)).catch(() => undefined);
    const source = bytes === undefined ? undefined : decodeSource(bytes);
    return source?.text.split(/\r\n|\n|\r/);
  };
}

function jsonOf({ subject, budget, tokens, pieces }: RepositoryContext): string {
  const { path: file, symbolPath, kind, range } = subject;
  const shown = pieces.map(({ hash: _, ...piece }) => piece);
  const result = { subject: { path: file, symbol: symbolPath, kind, range }, budget, tokens, pieces: shown };
  return `${JSON.stringify({ schema: schemaVersion, ...result }, null, 2)}\n`;
}

function textOf({ subject, budget, tokens, pieces }: RepositoryContext): string {
  const head = `${subject.path}:${subject.range.start.line + 1}  ${subject.kind} ${subject.symbolPath}: ${tokens} of ${budget} tokens\n`;
  const shown = pieces.map(
    ({ role, path: file, symbol, range, score, form, text, tokens: own }) =>
      `\n${role}  ${file}:${range.start.line + 1}  ${symbol ?? ''}  (${form}, ${own} tokens, score ${score})\n${indented(text)}\n`,
  );
  return head + shown.join('');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
