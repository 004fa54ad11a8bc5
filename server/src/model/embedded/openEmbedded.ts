import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Assets } from '../../assets.ts';
import { ModelError } from '../../types/errors.ts';
import type { Clock } from '../clock.ts';
import { type ModelDescription, modelDescription } from './description.ts';
import { type EmbeddedModel, embeddedModel } from './embeddedModel.ts';
import type { LoadedRuntime } from './tasks.ts';

/** The shipped model, found and described but not loaded: that happens in its thread when somebody first asks. */
export interface FoundModel {
  readonly model: EmbeddedModel;
  readonly description: ModelDescription;
  /** `codegloss-int8-` and eight hexadecimal digits that change with the weights and their calibration. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

const samplePieces = 32;
const sampleBytes = 256;

const idleMs = 5 * 60_000;

/** More threads than these gain little on a graph of this size, and take cores from the editor. */
const mostThreads = 4;

export interface OpenEmbeddedOptions {
  /** Told each time that the model has been loaded. */
  readonly onLoaded?: (loaded: LoadedRuntime) => void;
  /** False: WebAssembly even where native code lies. */
  readonly native?: boolean;
}

/** Throws `ModelError('unavailable')` when a file of the model is missing or unreadable. */
export function openEmbedded(
  assets: Assets,
  clock: Clock,
  { onLoaded, native: mayBeNative = true }: OpenEmbeddedOptions = {},
): FoundModel {
  const { models, runtime, native, script } = placesOf(assets);
  try {
    const json = readFileSync(path.join(models, 'model.json'));
    const description = modelDescription.parse(JSON.parse(json.toString('utf8')));
    const file = path.join(models, description.model);
    const bytes = statSync(file).size;
    const version = createHash('sha256').update(json).update(sampleOf(file, bytes)).digest('hex').slice(0, 8);
    const name = `${path.parse(description.model).name}-${version}`;
    const threads = threadsOf(availableParallelism());
    const files = { models, runtime, native: mayBeNative ? native : [], threads };
    const model = embeddedModel({ script, files, clock, idleMs, ...(onLoaded === undefined ? {} : { onLoaded }) });
    return { model, description, name, file, bytes };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? 'a file of it is missing' : 'model.json is not readable';
    throw new ModelError('unavailable', `The built-in model cannot be used (${reason}): install CodeGloss again.`, {
      cause: error,
    });
  }
}

/** Pieces from all over a large file: other weights differ in nearly every byte, and nobody waits for a hash of all of them. */
function sampleOf(file: string, bytes: number): Uint8Array {
  const sample = new Uint8Array(samplePieces * sampleBytes);
  const handle = openSync(file, 'r');
  try {
    for (let piece = 0; piece < samplePieces; piece += 1) {
      const from = Math.floor((bytes / samplePieces) * piece);
      readSync(handle, sample, piece * sampleBytes, sampleBytes, from);
    }
  } finally {
    closeSync(handle);
  }
  return sample;
}

/** Two cores are used by both threads; beyond, half of them. */
function threadsOf(cores: number): number {
  return cores <= 2 ? cores : Math.min(mostThreads, Math.max(2, Math.floor(cores / 2)));
}

/** Packages for one platform bring onnxruntime-node in `native`; where npm installed it as an optional dependency, it lies beside ours. */
function placesOf({ bundled, root }: Assets): {
  readonly models: string;
  readonly runtime: string;
  readonly native: readonly string[];
  readonly script: string;
} {
  const nativePackage = path.join('node_modules', 'onnxruntime-node');
  return bundled
    ? {
        models: path.join(root, 'models'),
        runtime: root,
        native: [path.join(root, 'native/onnxruntime.cjs'), path.join(root, '..', nativePackage)],
        script: path.join(root, 'modelWorker.mjs'),
      }
    : {
        models: path.join(root, 'models'),
        runtime: path.join(root, 'node_modules/onnxruntime-web/dist'),
        native: [path.join(root, nativePackage)],
        script: path.join(root, 'server/src/model/embedded/modelWorker.ts'),
      };
}
