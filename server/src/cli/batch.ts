import { type CommandContext, UsageError } from './arguments.ts';
import { expandFiles, type NamedFile, type ReadFile, readNamedFile } from './files.ts';
import { inTerminalWords } from './terminalWords.ts';

export const schemaVersion = 1;

/** How a command over files prints: text for people, one JSON document, or one per line. */
export type Format = 'text' | 'json' | 'jsonl';

export const formatOptions = { json: { type: 'boolean' }, jsonl: { type: 'boolean' } } as const;

export function formatOf(values: {
  readonly json?: boolean | undefined;
  readonly jsonl?: boolean | undefined;
}): Format {
  if (values.json === true && values.jsonl === true)
    throw new UsageError('--json is one document and --jsonl one a line: choose one of them.');
  return values.jsonl === true ? 'jsonl' : values.json === true ? 'json' : 'text';
}

/**
 * Runs a command over files, one after the other. One file gives one document; many give `{schema, files: […]}` with `--json` and a document
 * a line with `--jsonl`. A file that fails is reported and does not stop the others.
 * @returns the exit code: 1 when any file failed
 */
export async function overFiles<T extends { readonly path: string }>(
  context: CommandContext,
  request: {
    readonly args: readonly string[];
    readonly format: Format;
    readonly work: (file: ReadFile) => Promise<T>;
    readonly text: (result: T) => string;
  },
): Promise<number> {
  const files = await expandFiles(request.args, context.cwd, context.signal);
  const results: (T | { readonly path: string; readonly error: string })[] = [];
  let failed = files.length === 0 ? 1 : 0;
  if (files.length === 0)
    context.output.err('codegloss: nothing to do: no file there is in a language that CodeGloss reads.\n');
  for (const [index, file] of files.entries()) {
    context.signal.throwIfAborted();
    if (context.output.isTerminal && files.length > 1)
      context.output.err(`\r\x1b[K${index + 1}/${files.length} ${file.path.slice(-60)}`);
    const result = await attempt(file, request.work);
    if ('error' in result) {
      failed = 1;
      if (request.format !== 'jsonl')
        context.output.err(`${clearLine(context)}codegloss: ${result.path}: ${result.error}\n`);
    }
    if (request.format === 'jsonl') context.output.out(`${JSON.stringify({ schema: schemaVersion, ...result })}\n`);
    else if (request.format === 'text' && !('error' in result))
      context.output.out(clearLine(context) + request.text(result));
    else results.push(result);
  }
  context.output.err(clearLine(context));
  if (request.format === 'json') context.output.out(jsonDocument(results));
  return failed;
}

function jsonDocument(results: readonly object[]): string {
  const [first] = results;
  const document =
    results.length === 1 && first !== undefined
      ? { schema: schemaVersion, ...first }
      : { schema: schemaVersion, files: results };
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function attempt<T>(
  file: NamedFile,
  work: (file: ReadFile) => Promise<T>,
): Promise<T | { path: string; error: string }> {
  try {
    return await work(await readNamedFile(file));
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    return { path: file.path, error: inTerminalWords((error as Error).message) };
  }
}

function clearLine({ output }: CommandContext): string {
  return output.isTerminal ? '\r\x1b[K' : '';
}
