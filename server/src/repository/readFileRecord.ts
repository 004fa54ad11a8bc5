import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { languageOf } from '../syntax/detect.ts';
import type { Syntax } from '../syntax/document.ts';
import { recordOf } from './fileRecord.ts';
import type { IndexAnswer, IndexTask } from './indexTasks.ts';
import { decodeSource } from './sourceText.ts';

/** Nobody waits for one file here: a busy machine must not decide what the index holds. */
export const maxIndexParseMilliseconds = 30_000;

/** Reads, decodes and parses one file, unless it still has the hash that the index knows. Never throws: a bad file costs only itself. */
export async function readFileRecord(task: IndexTask, syntax: Syntax): Promise<IndexAnswer> {
  try {
    const bytes = readFileSync(task.file);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash === task.knownHash) return { kind: 'same', path: task.path };
    const source = decodeSource(bytes);
    if (source === undefined) return { kind: 'skipped', path: task.path, reason: 'binary' };
    const language = languageOf({ path: task.path, text: source.text });
    if (language === undefined) return { kind: 'skipped', path: task.path, reason: 'notSource' };
    const document = await syntax.openWhole(language, source.text);
    try {
      return { kind: 'record', path: task.path, hash, record: recordOf(document, task.path) };
    } finally {
      document.dispose();
    }
  } catch (error) {
    const unreadable = (error as NodeJS.ErrnoException).syscall !== undefined;
    return { kind: 'skipped', path: task.path, reason: unreadable ? 'unreadable' : 'failed' };
  }
}
