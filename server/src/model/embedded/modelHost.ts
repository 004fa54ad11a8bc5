import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ModelAnswer, ModelFiles, ModelRequest } from './tasks.ts';

/** Where the model lives: beside the server, never in its way. */
export interface ModelHost {
  post(request: ModelRequest): void;
  /** Whether the process of the server is to stay alive for it. */
  hold(keep: boolean): void;
  end(): void;
}

export interface HostEvents {
  onAnswer(answer: ModelAnswer): void;
  /** It ended by itself; `reason` is what is known of it. Never called after `end`. */
  onDeath(reason: string): void;
}

const lowPriority = 10;

/** A thread of this process: for WebAssembly, which cannot harm it. */
export function modelThread(script: string, files: ModelFiles, events: HostEvents): ModelHost {
  const worker = new Worker(script, { workerData: files });
  const tell = onceUntilEnd(events);
  worker.on('message', (answer: ModelAnswer) => events.onAnswer(answer));
  worker.on('error', (error: unknown) => tell.death(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => tell.death('its thread ended'));
  return {
    post: (request) => worker.postMessage(request),
    hold: (keep) => (keep ? worker.ref() : worker.unref()),
    end: () => {
      tell.silence();
      void worker.terminate();
    },
  };
}

/**
 * A process of its own: for native code, whose faults end the process that they happen in; onnxruntime-node's also end it when a thread is
 * stopped while it computes.
 */
export function modelProcess(script: string, files: ModelFiles, events: HostEvents): ModelHost {
  const child = fork(script, [], {
    // Not the flags of the server: a second debugger on its port, for one.
    execArgv: [],
    serialization: 'advanced',
    // Standard output may be the language server's connection.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  const tell = onceUntilEnd(events);
  child.on('message', (answer) => events.onAnswer(answer as ModelAnswer));
  child.on('error', (error) => tell.death(error.message));
  child.on('exit', (code, signal) => tell.death(`its process ended by ${signal ?? `exit code ${code}`}`));
  child.once('spawn', () => lower(child.pid));
  child.send(files);
  return {
    // What is sent to one that has just died is answered by `onDeath`.
    post: (request) => void child.send(request, () => undefined),
    hold: (keep) => {
      if (keep) child.ref();
      else child.unref();
      if (keep) child.channel?.ref();
      else child.channel?.unref();
    },
    end: () => {
      tell.silence();
      child.kill('SIGKILL');
    },
  };
}

/** The editor goes first. Where the system refuses, it goes beside it. */
function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, lowPriority);
  } catch {
    // Gone already, or not allowed.
  }
}

function onceUntilEnd({ onDeath }: HostEvents): { death(reason: string): void; silence(): void } {
  let isOver = false;
  return {
    death: (reason) => {
      if (isOver) return;
      isOver = true;
      onDeath(reason);
    },
    silence: () => {
      isOver = true;
    },
  };
}
