import path from 'node:path';
import { type Clock, systemClock } from '../../../../server/src/model/clock.ts';
import { type EmbeddedModel, embeddedModel } from '../../../../server/src/model/embedded/embeddedModel.ts';
import type { LoadedRuntime, PromptInput } from '../../../../server/src/model/embedded/tasks.ts';

export const root = path.resolve(import.meta.dirname, '../../../..');

/** The model of this checkout in its thread, from the sources. */
export function openModel(
  options: {
    readonly models?: string;
    readonly native?: readonly string[];
    readonly clock?: Clock;
    readonly onLoaded?: (loaded: LoadedRuntime) => void;
  } = {},
): EmbeddedModel {
  return embeddedModel({
    script: path.join(root, 'server/src/model/embedded/modelWorker.ts'),
    files: {
      models: options.models ?? path.join(root, 'models'),
      runtime: path.join(root, 'node_modules/onnxruntime-web/dist'),
      native: options.native ?? [],
      threads: 2,
    },
    clock: options.clock ?? systemClock,
    idleMs: 60_000,
    ...(options.onLoaded === undefined ? {} : { onLoaded: options.onLoaded }),
  });
}

export const closeSocket: PromptInput = {
  language: 'python',
  path: 'net/pool.py',
  owner: 'class Pool:\n def acquire(self)\n def close_idle(self, seconds)',
  calls: ['time', 'close'],
  callees: [],
  examples: [],
  code: `def close_idle(self, seconds):
    limit = time() - seconds
    for connection in list(self.idle):
        if connection.last_used < limit:
            connection.close()
            self.idle.remove(connection)`,
};
