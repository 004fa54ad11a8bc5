import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { languageOf } from '../syntax/detect.ts';
import type { Syntax } from '../syntax/document.ts';
import type { LanguageId } from '../types/outline.ts';
import { type FileRecord, factsOf, placed } from './fileRecord.ts';
import type { IndexAnswer, IndexTask } from './indexTasks.ts';
import { decodeSource } from './sourceText.ts';

/** Nobody waits for one file here: a busy machine must not decide what the index holds. */
export const maxIndexParseMilliseconds = 30_000;

/** A file that has to be parsed. */
export interface ReadSource {
  readonly kind: 'source';
  readonly path: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  readonly language: LanguageId;
  readonly text: string;
}

/** Facts, and whether they say what the text holds: an outline that time ran out for is empty here, and may not be elsewhere. */
export interface ParsedFacts {
  readonly facts: FileRecord;
  readonly isWhole: boolean;
}

/** Reads and decodes one file, unless it still has the hash that the index knows. Never throws: a bad file costs only itself. */
export function readSource(task: IndexTask): ReadSource | Exclude<IndexAnswer, { kind: 'record' }> {
  const { path } = task;
  try {
    const bytes = readFileSync(task.file);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash === task.knownHash) return { kind: 'same', path };
    const source = decodeSource(bytes);
    if (source === undefined) return { kind: 'skipped', path, reason: 'binary' };
    const language = languageOf({ path, text: source.text });
    if (language === undefined) return { kind: 'skipped', path, reason: 'notSource' };
    return { kind: 'source', path, bytes, hash, language, text: source.text };
  } catch (error) {
    return skipped(path, error);
  }
}

/** Throws what the parser throws. */
export async function parseFacts({ language, text }: ReadSource, syntax: Syntax): Promise<ParsedFacts> {
  const document = await syntax.openWhole(language, text);
  try {
    const { outline } = document;
    // Errors are counted only where there is doubt: it is a walk over the tree.
    return { facts: factsOf(document), isWhole: outline.symbols.length > 0 || outline.parseErrors === 0 };
  } finally {
    document.dispose();
  }
}

export function recordAnswer({ path, hash }: ReadSource, facts: FileRecord): IndexAnswer {
  return { kind: 'record', path, hash, record: placed(facts, path) };
}

export function skipped(path: string, error: unknown): Extract<IndexAnswer, { kind: 'skipped' }> {
  const unreadable = (error as NodeJS.ErrnoException).syscall !== undefined;
  return { kind: 'skipped', path, reason: unreadable ? 'unreadable' : 'failed' };
}

/** Reads, decodes and parses one file, unless it still has the hash that the index knows. Never throws. */
export async function readFileRecord(task: IndexTask, syntax: Syntax): Promise<IndexAnswer> {
  const source = readSource(task);
  if (source.kind !== 'source') return source;
  try {
    return recordAnswer(source, (await parseFacts(source, syntax)).facts);
  } catch (error) {
    return skipped(task.path, error);
  }
}
