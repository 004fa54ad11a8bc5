/** A worker thread of the index: reads, decodes and parses files and posts back what the index keeps of them. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Assets } from '../assets.ts';
import { bundledAssets, repositoryAssets } from '../syntax/assets.ts';
import { createSyntax } from '../syntax/syntax.ts';
import type { IndexAnswer, IndexTask } from './indexTasks.ts';
import { maxIndexParseMilliseconds, readFileRecord } from './readFileRecord.ts';

const { bundled, root } = workerData as Assets;
const syntax = createSyntax({
  locate: bundled ? bundledAssets(root) : repositoryAssets(root),
  limits: { maxMilliseconds: maxIndexParseMilliseconds },
});

parentPort?.on('message', async (tasks: readonly IndexTask[]) => {
  const answers: IndexAnswer[] = [];
  for (const task of tasks) answers.push(await readFileRecord(task, syntax));
  parentPort?.postMessage(answers);
});
