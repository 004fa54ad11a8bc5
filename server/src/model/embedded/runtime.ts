import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as runtime from 'onnxruntime-web';
import type { ModelFiles, RuntimeName } from './tasks.ts';

/** A graph that is ready to run, and what runs it. */
export interface OpenSession {
  readonly runtime: RuntimeName;
  /** Why a native runtime that lies there is not used; one line. */
  readonly problem: string | undefined;
  readonly session: runtime.InferenceSession;
  readonly Tensor: typeof runtime.Tensor;
}

/**
 * On x86 without VNNI the fast kernel for unsigned times signed bytes saturates in the middle of a sum: worse than rounding, and unlike any
 * other processor. `x64quantprecision` has weights turned into unsigned bytes, whose kernel is exact; it costs a fifth of the time. Threads
 * that spin between operators take twice the processor time.
 */
const nativeOptions = { session: { x64quantprecision: '1', intra_op: { allow_spinning: '0' } } };

/**
 * Opens the graph in onnxruntime-node where a copy of it lies that loads here, else in onnxruntime-web's WebAssembly, which runs everywhere.
 * Both read the same file and add whole numbers exactly, but round floating point differently, and rounding to eight bits makes that visible:
 * their sentences are not always the same; how often, and the BLEU of both, stands in docs/EVALUATION.md. Throws when neither can open it.
 */
export async function openSession(files: ModelFiles, model: string): Promise<OpenSession> {
  const bytes = await readFile(model);
  const native = files.native.find((each) => existsSync(each));
  let problem: string | undefined;
  if (native !== undefined) {
    try {
      return { ...(await openNative(native, bytes, files.threads)), problem };
    } catch (error) {
      problem = messageOf(error);
    }
  }
  return { ...(await openWasm(files, bytes)), problem };
}

type Opened = Omit<OpenSession, 'problem'>;

async function openNative(place: string, bytes: Uint8Array, threads: number): Promise<Opened> {
  // By its full path: a package of this name in some folder above is none of ours.
  const native = createRequire(pathToFileURL(place))(place) as typeof runtime;
  native.env.logLevel = 'error';
  const session = await native.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    extra: nativeOptions,
  });
  return { runtime: 'onnxruntime-node', session, Tensor: native.Tensor };
}

async function openWasm(files: ModelFiles, bytes: Uint8Array): Promise<Opened> {
  const web = await import('onnxruntime-web');
  const { wasm } = web.env;
  web.env.logLevel = 'error';
  wasm.numThreads = files.threads;
  wasm.wasmPaths = { mjs: pathToFileURL(path.join(files.runtime, 'ort-wasm-simd-threaded.mjs')).href };
  wasm.wasmBinary = await readFile(path.join(files.runtime, 'ort-wasm-simd-threaded.wasm'));
  const session = await web.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  return { runtime: 'onnxruntime-web', session, Tensor: web.Tensor };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
}
