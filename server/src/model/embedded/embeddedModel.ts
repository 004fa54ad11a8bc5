import { existsSync } from 'node:fs';
import { ModelError } from '../../types/errors.ts';
import type { Priority } from '../../types/produce.ts';
import type { Clock } from '../clock.ts';
import { type HostEvents, type ModelHost, modelProcess, modelThread } from './modelHost.ts';
import type { LoadedRuntime, ModelAnswer, ModelFiles, ModelRequest, ModelTask, TaskResults } from './tasks.ts';

type ResultOf<T extends ModelTask> = TaskResults[T['kind']];

/** The model behind its thread or process. */
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
  /** Told each time that the model has been loaded. */
  readonly onLoaded?: (loaded: LoadedRuntime) => void;
}

interface Waiting {
  readonly request: Extract<ModelRequest, { type: 'task' }>;
  readonly resolve: (result: TaskResults[keyof TaskResults]) => void;
  readonly reject: (error: ModelError) => void;
}

/** Asks that may wait at a time; whoever asks more is not looked at by anyone. */
const mostWaiting = 5000;

/**
 * Native code runs in a process, WebAssembly in a thread. When that process dies by itself, what waits is asked again of WebAssembly, which is
 * what this model stays with.
 */
export function embeddedModel(options: EmbeddedModelOptions): EmbeddedModel {
  const { files, script } = options;
  const waiting = new Map<number, Waiting>();
  let host: ModelHost | undefined;
  let nativeProblem: string | undefined;
  let nextId = 0;
  let stopIdling: () => void = () => undefined;

  const end = (error: ModelError): void => {
    stopIdling();
    host?.end();
    host = undefined;
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  };
  const settled = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0 && host !== undefined) {
      host.hold(false);
      stopIdling();
      stopIdling = options.clock.after(options.idleMs, () => end(cancelledError()));
    }
    return found;
  };
  const listen = (answer: ModelAnswer): void => {
    if (answer.type === 'done') settled(answer.id)?.resolve(answer.result);
    else if (answer.type === 'failed') settled(answer.id)?.reject(unusable(answer.message));
    else if (answer.type === 'loaded')
      options.onLoaded?.({ runtime: answer.runtime, problem: answer.problem ?? nativeProblem });
    else end(unusable(answer.message));
  };
  const start = (): ModelHost => {
    const isNative = nativeProblem === undefined && files.native.some((each) => existsSync(each));
    const isCurrent = (): boolean => host === started;
    const events: HostEvents = {
      onAnswer: (answer) => {
        if (isCurrent()) listen(answer);
      },
      onDeath: (reason) => {
        if (!isCurrent()) return;
        if (isNative) startAgain(reason);
        else end(unusable(reason));
      },
    };
    const started: ModelHost = isNative
      ? modelProcess(script, files, events)
      : modelThread(script, { ...files, native: [] }, events);
    return started;
  };
  const startAgain = (reason: string): void => {
    nativeProblem = reason;
    host = undefined;
    if (waiting.size === 0) return;
    host = start();
    for (const { request } of waiting.values()) host.post(request);
  };

  return {
    ask<T extends ModelTask>(task: T, priority: Priority, signal: AbortSignal): Promise<ResultOf<T>> {
      if (signal.aborted) return Promise.reject(cancelledError());
      if (waiting.size >= mostWaiting) return Promise.reject(unusable('too much is asked of it at once'));
      stopIdling();
      host ??= start();
      host.hold(true);
      const id = nextId++;
      const request = { type: 'task', id, priority, task } as const;
      return new Promise<ResultOf<T>>((resolve, reject) => {
        const abort = (): void => {
          host?.post({ type: 'cancel', id });
          settled(id)?.reject(cancelledError());
        };
        signal.addEventListener('abort', abort, { once: true });
        const release = (): void => signal.removeEventListener('abort', abort);
        waiting.set(id, {
          request,
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
        host?.post(request);
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
