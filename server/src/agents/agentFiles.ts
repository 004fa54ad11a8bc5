import { realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeSource } from '../repository/sourceText.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { AgentError, type AgentFolder, type AgentPorts } from './agentPorts.ts';

const maxFileBytes = 5_000_000;

/** A file in one of the folders. */
export interface AgentFile {
  readonly folder: AgentFolder;
  /** Absolute real path. */
  readonly file: string;
  /** Relative to the folder, `/` between parts. */
  readonly path: string;
}

/**
 * The file that an agent names, relative to a folder or absolute inside one. Links are followed before the question whether it lies inside:
 * a repository may hold a link to anywhere. Throws `AgentError`.
 */
export function locateFile(ports: AgentPorts, named: string): AgentFile {
  for (const folder of ports.folders()) {
    const file = realOf(path.resolve(folder.root, named));
    if (file === undefined) continue;
    const relative = path.relative(folder.root, file);
    if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) continue;
    return { folder, file, path: relative.split(path.sep).join('/') };
  }
  throw new AgentError(
    `${named}: there is no such file in the folders that are open: give a path relative to their root.`,
  );
}

/** Text of a file that may be handed out. Throws `AgentError` when it may not, or is none. */
export async function readText(ports: AgentPorts, { folder, file, path: shown }: AgentFile): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined || !info.isFile()) throw new AgentError(`${shown} is not a file.`);
  if (info.size > maxFileBytes)
    throw new AgentError(`${shown} is larger than ${maxFileBytes / 1e6} MB: ask about a smaller file.`);
  const bytes = await readFile(file).catch(() => undefined);
  const text = bytes === undefined ? undefined : decodeSource(bytes)?.text;
  if (text === undefined) throw new AgentError(`${shown} is binary or cannot be read.`);
  const refusal = await ports.refusal(folder, shown, text);
  if (refusal !== undefined) throw new AgentError(refusal);
  return text;
}

/** Runs `work` on the parsed file and frees its tree. */
export async function withDocument<T>(
  ports: AgentPorts,
  named: string,
  signal: AbortSignal,
  work: (document: SummaryDocument, file: AgentFile) => Promise<T>,
): Promise<T> {
  const file = locateFile(ports, named);
  const text = await readText(ports, file);
  const language = ports.languageOf(file.path, text);
  if (language === undefined) throw new AgentError(`${file.path}: its language is not one that CodeGloss reads.`);
  const syntax = await ports.syntax.open(language, text, signal);
  try {
    const uri = pathToFileURL(file.file).href;
    return await work({ uri, path: file.path, repository: file.folder.repository, syntax }, file);
  } finally {
    syntax.dispose();
  }
}

/** The symbol that an agent means: by name or dotted path, by 1-based line, or none for the file. Throws `AgentError`. */
export function symbolMeant(
  document: SummaryDocument,
  { symbol, line }: { readonly symbol?: string | undefined; readonly line?: number | undefined },
): number | undefined {
  const { outline } = document.syntax;
  if (symbol !== undefined) {
    const paths = symbolPaths(outline);
    const exact = paths.indexOf(symbol);
    if (exact >= 0) return exact;
    const named = outline.symbols.findIndex(({ name }) => name === symbol);
    if (named >= 0) return named;
    const some = paths.slice(0, 20).join(', ');
    throw new AgentError(
      `${document.path} declares no '${symbol}'. It declares: ${some}${paths.length > 20 ? ' …' : ''}`,
    );
  }
  if (line === undefined) return undefined;
  const index = document.syntax.symbolAt(line - 1);
  if (index === undefined)
    throw new AgentError(`line ${line} of ${document.path} is in no function, class or routine: leave the line out.`);
  return index;
}

function realOf(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
