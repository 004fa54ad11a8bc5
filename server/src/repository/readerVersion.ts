import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Assets } from '../assets.ts';
import { bundledAssets, repositoryAssets } from '../syntax/assets.ts';
import { languageRow } from '../syntax/languages.ts';
import type { LanguageId } from '../types/outline.ts';
import { factsFormat } from './factsCodec.ts';
import { indexWorkerFile } from './indexLocation.ts';

/**
 * Versions of what makes facts of bytes, by language: a hash of our code, the parser's runtime, the grammar and its queries. Nobody has to
 * remember to raise a number when a grammar is mended: other bytes here are other keys there, so that what was kept never has to be invalidated.
 */
export function readerVersions(assets: Assets): (language: LanguageId) => string {
  const locate = assets.bundled ? bundledAssets(assets.root) : repositoryAssets(assets.root);
  const known = new Map<LanguageId, string>();
  let code: string | undefined;
  const versionOf = (language: LanguageId): string => {
    code ??= codeVersion(assets);
    const row = languageRow(language);
    const hash = createHash('sha256').update(`${factsFormat}\n${code}\n`);
    addFile(hash, locate('web-tree-sitter.wasm'));
    addFile(hash, locate(row.grammar.file));
    for (const query of ['outline.scm', 'comments.scm', 'calls.scm']) addFile(hash, locate(`${row.queries}/${query}`));
    return hash.digest('hex');
  };
  return (language) => {
    const version = known.get(language) ?? versionOf(language);
    known.set(language, version);
    return version;
  };
}

/** The bundle's entry names its chunks by their contents; in a checkout the sources behind the entry count. */
function codeVersion(assets: Assets): string {
  const hash = createHash('sha256');
  const entry = indexWorkerFile(assets);
  for (const file of assets.bundled ? [entry] : sourcesBehind(entry)) addFile(hash, file);
  return hash.digest('hex');
}

/** A source file and all of ours that it imports, sorted. */
function sourcesBehind(entry: string): readonly string[] {
  const found = new Set([entry]);
  // What is added while the set is walked is walked, too.
  for (const file of found)
    for (const [, relative = ''] of readFileSync(file, 'utf8').matchAll(/ from '(\.{1,2}\/[^']+\.ts)'/g))
      found.add(path.join(path.dirname(file), relative));
  return [...found].sort();
}

/** With its length, so that the end of one file is not the start of the next. */
function addFile(hash: Hash, file: string): void {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  hash.update(`${bytes.length}\n`).update(bytes);
}
