import { lstatSync, type Stats } from 'node:fs';
import path from 'node:path';
import { bundledAssets, repositoryAssets } from '../syntax/assets.ts';
import { knownEndings } from '../syntax/detect.ts';
import { createSyntax } from '../syntax/syntax.ts';
import { IgnoreRules } from './ignoreRules.ts';
import { inTransaction, openIndexDatabase } from './indexDatabase.ts';
import type { IndexThreadData } from './indexMessages.ts';
import type { IndexAnswer } from './indexTasks.ts';
import { createIndexWriter, type FileState, type IndexWriter } from './indexWriter.ts';
import { maxIndexParseMilliseconds, readFileRecord } from './readFileRecord.ts';
import { resolveCalls } from './resolveCalls.ts';
import { defaultWalkLimits, type WalkedFile, walk } from './walk.ts';

/** Brings single files and folders of a repository up to date, in the time that these need. */
export interface PathUpdater {
  /** @param paths relative to the root, `/` between parts; of files or folders, there or gone */
  update(paths: readonly string[], signal: AbortSignal): Promise<void>;
}

interface Found {
  readonly file: WalkedFile;
  readonly answer: IndexAnswer;
}

/** Grammars stay loaded between updates, so that the second change of a file in a language takes milliseconds. */
export function createPathUpdater({
  location,
  assets,
  ignore,
  limits = defaultWalkLimits,
}: IndexThreadData): PathUpdater {
  const { bundled, root } = assets;
  const syntax = createSyntax({
    locate: bundled ? bundledAssets(root) : repositoryAssets(root),
    limits: { maxMilliseconds: maxIndexParseMilliseconds },
    use: 'whole',
  });
  const endings = knownEndings();
  const wanted = (file: string): boolean => endings.has(path.extname(file).toLowerCase());

  /** Files that the index should have of a path; none when it is gone, ignored or no source. */
  async function* filesAt(relative: string, rules: IgnoreRules, signal: AbortSignal): AsyncGenerator<WalkedFile> {
    const info = statOf(path.join(location.root, relative));
    if (info === undefined) return;
    if (info.isDirectory()) {
      if (!rules.isIgnored(`${relative}/`))
        yield* walk(location.root, { from: relative, ignore: rules, wanted, skip: () => undefined, limits, signal });
    } else if (info.isFile() && wanted(relative) && info.size <= limits.maxFileBytes && !rules.isIgnored(relative))
      yield { file: path.join(location.root, relative), path: relative, bytes: info.size, modifiedMs: info.mtimeMs };
  }

  async function read(paths: readonly string[], writer: IndexWriter, signal: AbortSignal): Promise<readonly Found[]> {
    const rules = new IgnoreRules(location.root, ignore);
    const found: Found[] = [];
    for (const relative of paths) {
      for await (const file of filesAt(relative, rules, signal)) {
        const known = writer.state(file.path);
        if (known !== undefined && isSame(known, file)) found.push({ file, answer: { kind: 'same', path: file.path } });
        else {
          const task = { file: file.file, path: file.path, bytes: file.bytes };
          const answer = await readFileRecord(known === undefined ? task : { ...task, knownHash: known.hash }, syntax);
          found.push({ file, answer });
        }
        signal.throwIfAborted();
      }
    }
    return found;
  }

  return {
    async update(paths, signal) {
      const wantedPaths = paths.map(normal).filter((each) => each !== undefined);
      if (wantedPaths.length === 0) return;
      const database = openIndexDatabase(location.database);
      try {
        const writer = createIndexWriter(database);
        const found = await read(wantedPaths, writer, signal);
        inTransaction(database, () => {
          writer.begin();
          const kept = new Set(found.flatMap(({ answer }) => (answer.kind === 'skipped' ? [] : [answer.path])));
          for (const relative of wantedPaths)
            for (const known of writer.pathsAt(relative)) if (!kept.has(known)) writer.remove(known);
          for (const { file, answer } of found) {
            if (answer.kind === 'record')
              writer.replace(
                answer.path,
                { hash: answer.hash, mtime: file.modifiedMs, size: file.bytes },
                answer.record,
              );
            else if (answer.kind === 'same') writer.touch(answer.path, file.modifiedMs, file.bytes);
          }
          resolveCalls(database);
        });
      } finally {
        database.close();
      }
    },
  };
}

function isSame(known: FileState, file: WalkedFile): boolean {
  return known.mtime === file.modifiedMs && known.size === file.bytes;
}

/** Undefined for the root itself and for what lies outside. */
function normal(relative: string): string | undefined {
  const clean = path.posix.normalize(relative).replace(/\/+$/, '');
  return clean === '' || clean === '.' || clean.startsWith('../') || clean === '..' || path.posix.isAbsolute(clean)
    ? undefined
    : clean;
}

/** Links are not followed, as in a walk. */
function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file);
  } catch {
    return undefined;
  }
}
