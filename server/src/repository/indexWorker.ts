/** A worker thread of the index: reads, decodes and parses files and posts back what the index keeps of them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Assets } from '../assets.ts';
import { bundledAssets, repositoryAssets } from '../syntax/assets.ts';
import { languageOf } from '../syntax/detect.ts';
import type { Syntax } from '../syntax/document.ts';
import { createSyntax } from '../syntax/syntax.ts';
import { recordOf } from './fileRecord.ts';
import type { IndexAnswer, IndexTask } from './indexTasks.ts';
import { decodeSource } from './sourceText.ts';

/** Nobody waits for one file here: a busy machine must not decide what the index holds. */
const maxParseMilliseconds = 30_000;

const { bundled, root } = workerData as Assets;
const syntax = createSyntax({
  locate: bundled ? bundledAssets(root) : repositoryAssets(root),
  limits: { maxMilliseconds: maxParseMilliseconds },
});

parentPort?.on('message', async (tasks: readonly IndexTask[]) => {
  const answers: IndexAnswer[] = [];
  for (const task of tasks) answers.push(await answer(task, syntax));
  parentPort?.postMessage(answers);
});

async function answer(task: IndexTask, from: Syntax): Promise<IndexAnswer> {
  try {
    const bytes = await readFile(task.file);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash === task.knownHash) return { kind: 'same', path: task.path };
    const source = decodeSource(bytes);
    if (source === undefined) return { kind: 'skipped', path: task.path, reason: 'binary' };
    const language = languageOf({ path: task.path, text: source.text });
    if (language === undefined) return { kind: 'skipped', path: task.path, reason: 'notSource' };
    const document = await from.open(language, source.text);
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
