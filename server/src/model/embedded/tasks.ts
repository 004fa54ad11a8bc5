import type { LanguageId } from '../../types/outline.ts';
import type { Priority } from '../../types/produce.ts';

/** Everything the model may be told of a symbol; sections of models/FORMAT.md, as text. */
export interface PromptInput {
  readonly language: LanguageId;
  readonly path: string;
  /** Header and members of what is around it; empty at the top level. */
  readonly owner: string;
  /** Names of all callees in order of appearance. */
  readonly calls: readonly string[];
  /** Callees of which a sentence is known. */
  readonly callees: readonly { readonly name: string; readonly sentence: string }[];
  /** Documented symbols of the same repository, nearest first. */
  readonly examples: readonly { readonly head: string; readonly sentence: string }[];
  /** Without the doc comment; lines end with `\n`. */
  readonly code: string;
}

/** What the worker is asked to do. */
export type ModelTask =
  | { readonly kind: 'summarize'; readonly prompt: PromptInput }
  | { readonly kind: 'embedCode'; readonly prompt: PromptInput }
  | { readonly kind: 'embedQuery'; readonly language: LanguageId | undefined; readonly text: string }
  | {
      readonly kind: 'score';
      readonly language: LanguageId | undefined;
      readonly context: string;
      readonly target: string;
    };

/** A sentence with how sure the model was of its words. */
export interface Sentence {
  readonly text: string;
  /** Natural log probability of the whole sentence, its end included; at most 0. */
  readonly logProbability: number;
  /** How well the sentence, as a query, finds the code: dot product of their unit vectors, −1–1. */
  readonly fit: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Without the end. */
  readonly outputTokens: number;
}

export interface TaskResults {
  readonly summarize: Sentence;
  /** A unit vector. */
  readonly embedCode: Float32Array;
  readonly embedQuery: Float32Array;
  readonly score: { readonly offsets: Uint32Array; readonly nll: Float32Array };
}

/** From the server to the worker. */
export type ModelRequest =
  | { readonly type: 'task'; readonly id: number; readonly priority: Priority; readonly task: ModelTask }
  | { readonly type: 'cancel'; readonly id: number };

/** onnxruntime-node is native code and comes with some packages only; onnxruntime-web is WebAssembly and always there. */
export type RuntimeName = 'onnxruntime-node' | 'onnxruntime-web';

/** What runs the model, and why it is not the faster one that lies there. */
export interface LoadedRuntime {
  readonly runtime: RuntimeName;
  readonly problem: string | undefined;
}

/** From the worker to the server. */
export type ModelAnswer =
  /** Once, before the first answer. */
  | ({ readonly type: 'loaded' } & LoadedRuntime)
  | { readonly type: 'done'; readonly id: number; readonly result: TaskResults[keyof TaskResults] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  /** The model could not be loaded: nothing will be answered. */
  | { readonly type: 'unusable'; readonly message: string };

/** Where the worker finds what it loads; absolute paths. */
export interface ModelFiles {
  /** Folder of model.json, the graph and the tokenizer. */
  readonly models: string;
  /** Folder of the inference runtime's WebAssembly and its loader. */
  readonly runtime: string;
  /** Where onnxruntime-node may lie (a bundle of it, or its package's folder): the first that does is tried; none: WebAssembly. */
  readonly native: readonly string[];
  readonly threads: number;
}
