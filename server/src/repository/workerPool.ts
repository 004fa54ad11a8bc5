import { Worker } from 'node:worker_threads';
import type { Assets } from '../assets.ts';
import type { FactsExchange } from './factsExchange.ts';
import type { IndexAnswer, IndexOrder, IndexReply, IndexTask } from './indexTasks.ts';

export interface PoolOptions {
  /** The worker's script: `indexWorkerFile`. */
  readonly script: string;
  readonly assets: Assets;
  readonly threads: number;
}

/** Parses batches of files in threads. A batch whose thread dies comes back as failed, and another thread takes its place. */
export interface WorkerPool {
  /** Resolves when a thread is free and has taken the batch; `done` of the batch resolves with the answers. */
  run(tasks: readonly IndexTask[]): Promise<{ readonly done: Promise<readonly IndexAnswer[]> }>;
  close(): Promise<void>;
}

/** A young generation that grows freely holds more garbage than the largest file's record. */
const youngMemoryPerWorkerMb = 8;
const memoryPerWorkerMb = 256;

/** @param exchange the team's facts, where there is a team */
export function createWorkerPool({ script, assets, threads }: PoolOptions, exchange?: FactsExchange): WorkerPool {
  const idle: (Worker | undefined)[] = Array.from({ length: Math.max(1, threads) }, () => undefined);
  const waiting: ((worker: Worker | undefined) => void)[] = [];
  const all = new Set<Worker>();
  let closed = false;

  const release = (worker: Worker | undefined): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const take = (): Promise<Worker | undefined> =>
    idle.length > 0 ? Promise.resolve(idle.pop()) : new Promise((resolve) => waiting.push(resolve));
  const start = (): Worker => {
    const worker = new Worker(script, {
      workerData: assets,
      resourceLimits: { maxOldGenerationSizeMb: memoryPerWorkerMb, maxYoungGenerationSizeMb: youngMemoryPerWorkerMb },
    });
    all.add(worker);
    worker.once('exit', () => all.delete(worker));
    return worker;
  };

  /** A batch that kills its thread is tried again file by file, so that one bad file costs only itself. */
  const work = async (first: Worker, tasks: readonly IndexTask[]): Promise<Outcome> => {
    try {
      return { worker: first, answers: await answersFrom(first, tasks, exchange) };
    } catch {
      void first.terminate();
    }
    const [task] = tasks;
    if (task === undefined || closed) return { worker: undefined, answers: tasks.map(failed) };
    if (tasks.length === 1) return { worker: undefined, answers: [failed(task)] };
    const answers: IndexAnswer[] = [];
    let worker: Worker | undefined;
    for (const each of tasks) {
      const outcome: Outcome = await work(worker ?? start(), [each]);
      worker = outcome.worker;
      answers.push(...outcome.answers);
    }
    return { worker, answers };
  };

  return {
    async run(tasks) {
      const worker = (await take()) ?? start();
      const done = work(worker, tasks).then((outcome) => {
        release(outcome.worker);
        return outcome.answers;
      });
      return { done };
    },
    async close() {
      closed = true;
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

interface Outcome {
  /** Undefined when the thread died. */
  readonly worker: Worker | undefined;
  readonly answers: readonly IndexAnswer[];
}

function failed({ path }: IndexTask): IndexAnswer {
  return { kind: 'skipped', path, reason: 'failed' };
}

function answersFrom(
  worker: Worker,
  tasks: readonly IndexTask[],
  exchange: FactsExchange | undefined,
): Promise<readonly IndexAnswer[]> {
  return new Promise((resolve, reject) => {
    const order = (message: IndexOrder): void => worker.postMessage(message);
    const settle = (act: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      act();
    };
    const onMessage = (reply: IndexReply): void => {
      if (reply.kind === 'ask')
        void exchange?.ask(reply.ids).then((bodies) => order({ kind: 'shared', bodies }), onError);
      else settle(() => resolve(handedOver(reply, exchange)));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('the worker ended')));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    order({ kind: 'tasks', tasks, sharing: exchange?.sharing ?? 'none' });
  });
}

async function handedOver(
  { answers, made }: Extract<IndexReply, { kind: 'answers' }>,
  exchange: FactsExchange | undefined,
): Promise<readonly IndexAnswer[]> {
  if (made.length > 0) await exchange?.give(made);
  return answers;
}
