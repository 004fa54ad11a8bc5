import { Worker } from 'node:worker_threads';
import { ModelError } from '../../types/errors.ts';
import type { Priority } from '../../types/produce.ts';
import type { Clock } from '../clock.ts';
import type { ModelAnswer, ModelFiles, ModelRequest, ModelTask, TaskResults } from './tasks.ts';

type ResultOf<T extends ModelTask> = TaskResults[T['kind']];

/** The model behind its thread. */
export interface EmbeddedModel {
  /** Starts the thread when it is needed. Throws `ModelError`: `cancelled`, or `unavailable` when the model cannot be used. */
  ask<T extends ModelTask>(task: T, priority: Priority, signal: AbortSignal): Promise<ResultOf<T>>;
  /** Ends the thread; what was asked is cancelled. */
  dispose(): void;
}

export interface EmbeddedModelOptions {
  /** The worker's script. */
  readonly script: string;
  readonly files: ModelFiles;
  readonly clock: Clock;
  /** The thread ends, and gives its memory back, after so many idle milliseconds. */
  readonly idleMs: number;
}

interface Waiting {
  readonly resolve: (result: TaskResults[keyof TaskResults]) => void;
  readonly reject: (error: ModelError) => void;
}

/** Asks that may wait at a time; whoever asks more is not looked at by anyone. */
const mostWaiting = 5000;

export function embeddedModel(options: EmbeddedModelOptions): EmbeddedModel {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 0;
  let stopIdling: () => void = () => undefined;

  const end = (error: ModelError): void => {
    stopIdling();
    const ended = worker;
    worker = undefined;
    void ended?.terminate();
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  };
  const settled = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0 && worker !== undefined) {
      worker.unref();
      stopIdling();
      stopIdling = options.clock.after(options.idleMs, () => end(cancelledError()));
    }
    return found;
  };
  const start = (): Worker => {
    const started = new Worker(options.script, { workerData: options.files });
    started.on('message', (answer: ModelAnswer) => {
      if (answer.type === 'done') settled(answer.id)?.resolve(answer.result);
      else if (answer.type === 'failed') settled(answer.id)?.reject(unusable(answer.message));
      else if (started === worker) end(unusable(answer.message));
    });
    started.on('error', (error) => {
      if (started === worker) end(unusable(error instanceof Error ? error.message : String(error)));
    });
    started.on('exit', () => {
      if (started === worker) end(unusable('its thread ended'));
    });
    return started;
  };

  return {
    ask<T extends ModelTask>(task: T, priority: Priority, signal: AbortSignal): Promise<ResultOf<T>> {
      if (signal.aborted) return Promise.reject(cancelledError());
      if (waiting.size >= mostWaiting) return Promise.reject(unusable('too much is asked of it at once'));
      stopIdling();
      worker ??= start();
      worker.ref();
      const asked = worker;
      const id = nextId++;
      const send = (request: ModelRequest): void => asked.postMessage(request);
      return new Promise<ResultOf<T>>((resolve, reject) => {
        const abort = (): void => {
          send({ type: 'cancel', id });
          settled(id)?.reject(cancelledError());
        };
        signal.addEventListener('abort', abort, { once: true });
        const release = (): void => signal.removeEventListener('abort', abort);
        waiting.set(id, {
          resolve: (result) => {
            release();
            // The worker answers each kind of task with its kind of result.
            resolve(result as ResultOf<T>);
          },
          reject: (error) => {
            release();
            reject(error);
          },
        });
        send({ type: 'task', id, priority, task });
      });
    },
    dispose: () => end(cancelledError()),
  };
}

function cancelledError(): ModelError {
  return new ModelError('cancelled', 'Cancelled.');
}

function unusable(reason: string): ModelError {
  return new ModelError('unavailable', `The built-in model cannot be used (${reason}).`);
}
