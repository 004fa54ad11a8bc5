import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { IgnoreRules } from '../repository/ignoreRules.ts';
import { decodeSource, isUtf16, type SourceText } from '../repository/sourceText.ts';
import { walk } from '../repository/walk.ts';
import { knownEndings, languageOf } from '../syntax/detect.ts';
import type { LanguageId } from '../types/outline.ts';
import { parsePlace, UsageError } from './arguments.ts';

export const maxFileBytes = 50 * 1000 * 1000;

/** A file named on the command line, with the line when one was given. */
export interface NamedFile {
  readonly file: string;
  /** As printed: relative to the working directory with `/`, absolute outside it. */
  readonly path: string;
  /** 0-based. */
  readonly line?: number;
}

export interface ReadFile extends NamedFile {
  readonly source: SourceText;
  readonly language: LanguageId;
}

/** Files, folders (walked by their ignore rules) and `@list.txt` (one argument a line) as files, each once, in order. */
export async function expandFiles(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<readonly NamedFile[]> {
  if (args.length === 0) throw new UsageError('name at least one file or folder.');
  const found = new Map<string, NamedFile>();
  for (const argument of await expandLists(args, cwd)) {
    for await (const named of expandOne(argument, cwd, signal)) {
      const key = `${named.file}:${named.line ?? ''}`;
      if (!found.has(key)) found.set(key, named);
    }
  }
  return [...found.values()];
}

async function expandLists(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    args.map(async (argument) => {
      if (!argument.startsWith('@')) return [argument];
      const text = await readFile(path.resolve(cwd, argument.slice(1)), 'utf8').catch((error: Error) => {
        throw new Error(`${argument.slice(1)} cannot be read: ${error.message}`);
      });
      return text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    }),
  );
  return lists.flat();
}

async function* expandOne(argument: string, cwd: string, signal: AbortSignal): AsyncGenerator<NamedFile> {
  const whole = path.resolve(cwd, argument);
  const info = await stat(whole).catch(() => undefined);
  if (info?.isDirectory() === true) {
    const ignore = new IgnoreRules(whole);
    const endings = knownEndings();
    const wanted = (file: string) => endings.has(path.extname(file).toLowerCase());
    for await (const { file } of walk(whole, { ignore, wanted, skip: () => undefined, signal })) {
      yield { file, path: printedPath(file, cwd) };
    }
    return;
  }
  if (info !== undefined) {
    yield { file: whole, path: printedPath(whole, cwd) };
    return;
  }
  const place = parsePlace(argument);
  const file = path.resolve(cwd, place.file);
  yield { file, path: printedPath(file, cwd), ...(place.line === undefined ? {} : { line: place.line }) };
}

export function printedPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (inside ? relative : file).split(path.sep).join('/');
}

/** Reads and recognizes a file. Throws an `Error` whose message says what is wrong and what to do. */
export async function readNamedFile(named: NamedFile): Promise<ReadFile> {
  const info = await stat(named.file).catch(() => undefined);
  if (info === undefined) throw new Error('there is no such file: check the path.');
  if (!info.isFile()) throw new Error('it is not a file.');
  if (info.size > maxFileBytes) {
    throw new Error(
      `it has ${(info.size / 1e6).toFixed(0)} MB, more than the ${maxFileBytes / 1e6} MB that are read: split it or leave it out.`,
    );
  }
  const bytes = await readFile(named.file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`it cannot be read (${error.code ?? error.message}): check its permissions.`);
  });
  if (isUtf16(bytes)) throw new Error('it is UTF-16: save it as UTF-8, which all that reads source code understands.');
  const source = decodeSource(bytes);
  if (source === undefined) throw new Error('it is binary, not source text.');
  const language = languageOf({ path: named.path, text: source.text });
  if (language === undefined) throw new Error('its language is not one that CodeGloss reads: the README lists them.');
  return { ...named, source, language };
}
