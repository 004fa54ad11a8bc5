/** The thread or process that holds the embedded model: loads it, runs what it is asked in steps, the most urgent first. */
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { modelDescription } from './description.ts';
import { graphOf } from './graph.ts';
import { openSession } from './runtime.ts';
import { ModelSteps } from './steps.ts';
import type { ModelAnswer, ModelFiles, ModelRequest, ModelTask, TaskResults } from './tasks.ts';
import { readTokenizer } from './tokenizer.ts';
import { Turns } from './turns.ts';

/** On Linux a thread has a priority of its own: the editor goes first. Elsewhere it would be the whole process's. */
const lowPriority = 10;

const answer = (message: ModelAnswer): void => {
  if (parentPort !== null) parentPort.postMessage(message);
  else process.send?.(message);
};

const turns = new Turns<TaskResults[ModelTask['kind']]>((id, outcome) => {
  if ('result' in outcome) answer({ type: 'done', id, result: outcome.result });
  else answer({ type: 'failed', id, message: messageOf(outcome.error) });
});

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
}

async function load(files: ModelFiles): Promise<ModelSteps> {
  const description = modelDescription.parse(JSON.parse(await readFile(path.join(files.models, 'model.json'), 'utf8')));
  const tokenizer = readTokenizer(await readFile(path.join(files.models, description.tokenizer), 'utf8'));
  const opened = await openSession(files, path.join(files.models, description.model));
  answer({ type: 'loaded', runtime: opened.runtime, problem: opened.problem });
  return new ModelSteps({ description, tokenizer, graph: graphOf(opened, description) });
}

/** @returns what takes the server's requests from then on */
function serve(files: ModelFiles): (request: ModelRequest) => void {
  const loading = load(files);
  loading.catch((error: unknown) => answer({ type: 'unusable', message: messageOf(error) }));
  /** Asked while the model was still being loaded. */
  const early = new Set<number>();
  return (request) => {
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
  };
}

if (parentPort !== null) {
  if (process.platform === 'linux') setPriority(lowPriority);
  parentPort.on('message', serve(workerData as ModelFiles));
} else {
  // The first message says what a thread is given at its start.
  process.once('message', (files) => {
    const take = serve(files as ModelFiles);
    process.on('message', (request) => take(request as ModelRequest));
  });
  // A server that was killed leaves nobody to answer; native code is not left in an orderly way.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
