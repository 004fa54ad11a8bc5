/** The thread that holds the embedded model: loads it, runs what it is asked in steps, the most urgent first. */
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { modelDescription } from './description.ts';
import { openGraph } from './graph.ts';
import { ModelSteps } from './steps.ts';
import type { ModelAnswer, ModelFiles, ModelRequest, ModelTask, TaskResults } from './tasks.ts';
import { readTokenizer } from './tokenizer.ts';
import { Turns } from './turns.ts';

/** On Linux a thread has a priority of its own: the editor goes first. Elsewhere it would be the whole process's. */
const lowPriority = 10;

const files = workerData as ModelFiles;
const answer = (message: ModelAnswer): void => parentPort?.postMessage(message);

const turns = new Turns<TaskResults[ModelTask['kind']]>((id, outcome) => {
  if ('result' in outcome) answer({ type: 'done', id, result: outcome.result });
  else answer({ type: 'failed', id, message: messageOf(outcome.error) });
});

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
}

async function load(): Promise<ModelSteps> {
  if (process.platform === 'linux') setPriority(lowPriority);
  const description = modelDescription.parse(JSON.parse(await readFile(path.join(files.models, 'model.json'), 'utf8')));
  const tokenizer = readTokenizer(await readFile(path.join(files.models, description.tokenizer), 'utf8'));
  return new ModelSteps({ description, tokenizer, graph: await openGraph(files, description) });
}

const loading = load();
loading.catch((error: unknown) => answer({ type: 'unusable', message: messageOf(error) }));

/** Asked while the model was still being loaded. */
const early = new Set<number>();
parentPort?.on('message', (request: ModelRequest) => {
  if (request.type === 'cancel') {
    early.delete(request.id);
    turns.cancel(request.id);
    return;
  }
  const { id, priority, task } = request;
  early.add(id);
  loading.then(
    (steps) => {
      if (early.delete(id)) turns.add(id, priority, steps.of(task));
    },
    () => early.delete(id),
  );
});
