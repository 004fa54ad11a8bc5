import type * as runtime from 'onnxruntime-web';
import type { ModelDescription } from './description.ts';
import type { OpenSession } from './runtime.ts';

/** Keys and values of the tokens read so far. Immutable: a cache may be continued several times. */
export interface Cache {
  readonly length: number;
  readonly tensors: ReadonlyMap<string, runtime.Tensor>;
}

/** One pass through the graph. */
export interface Pass {
  readonly cache: Cache;
  /** Row by row, `rows × vocab`. */
  readonly logits: Float32Array;
  readonly rows: number;
  /** Unit vector of the last position; empty unless it was asked for. */
  readonly embedding: Float32Array;
}

export interface Graph {
  readonly empty: Cache;
  /**
   * Reads new tokens after a cache. Logits of the last `rows` of them come back (0: none, which saves the largest matrix); with `embed` the last
   * position's vector, too.
   */
  read(ids: readonly number[], after: Cache, wanted: { readonly rows: number; readonly embed: boolean }): Promise<Pass>;
}

/** The graph behind a session of either runtime. */
export function graphOf({ session, Tensor }: OpenSession, description: ModelDescription): Graph {
  const { layers, kv, hd } = description.config;
  const names = Array.from({ length: layers }, (_, layer) => [`k_${layer}`, `v_${layer}`]).flat();
  const outputs = names.map((name) => `present_${name}`);
  const empty = new Map(names.map((name) => [name, new Tensor('float32', new Float32Array(0), [1, kv, 0, hd])]));
  return {
    empty: { length: 0, tensors: empty },
    async read(ids, after, { rows, embed }) {
      const feeds: Record<string, runtime.Tensor> = {
        input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        keep_from: new Tensor('int64', BigInt64Array.of(BigInt(ids.length - rows)), [1]),
      };
      for (const [name, tensor] of after.tensors) feeds[`past_${name}`] = tensor;
      const results = await session.run(feeds, ['logits', ...outputs, ...(embed ? ['embed'] : [])]);
      return {
        cache: {
          length: after.length + ids.length,
          tensors: new Map(names.map((name) => [name, tensorOf(results, `present_${name}`)])),
        },
        logits: floatsOf(results, 'logits'),
        rows,
        embedding: embed ? floatsOf(results, 'embed') : new Float32Array(0),
      };
    },
  };
}

function tensorOf(results: runtime.InferenceSession.ReturnType, name: string): runtime.Tensor {
  const tensor = results[name];
  if (tensor === undefined) throw new Error(`the graph gives no ${name}`);
  return tensor as runtime.Tensor;
}

function floatsOf(results: runtime.InferenceSession.ReturnType, name: string): Float32Array {
  const { data } = tensorOf(results, name);
  if (!(data instanceof Float32Array)) throw new Error(`${name} holds no numbers`);
  return data;
}
