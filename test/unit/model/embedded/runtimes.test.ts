import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedModel } from '../../../../server/src/model/embedded/embeddedModel.ts';
import type { LoadedRuntime, PromptInput } from '../../../../server/src/model/embedded/tasks.ts';
import { closeSocket, openModel, root } from './realModel.ts';

const never = new AbortController().signal;
const patience = 300_000;
const native = path.join(root, 'node_modules/onnxruntime-node');

/** As people write it, in four languages. */
const prompts: readonly PromptInput[] = [
  closeSocket,
  bare('go', 'func (c *Cache) Len() int {\n\tc.mu.Lock()\n\tdefer c.mu.Unlock()\n\treturn len(c.items)\n}'),
  bare(
    'typescript',
    'export function clamp(value: number, low: number, high: number): number {\n  return Math.min(high, Math.max(low, value));\n}',
  ),
  bare(
    'csharp',
    'public void Save(string path)\n{\n    var json = JsonSerializer.Serialize(this);\n    File.WriteAllText(path, json);\n}',
  ),
];

function bare(language: PromptInput['language'], code: string): PromptInput {
  return { ...closeSocket, language, path: '', owner: '', calls: [], code };
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

describe('the runtimes of the embedded model', { timeout: patience }, () => {
  let folder: string;
  const open: EmbeddedModel[] = [];
  const loaded: LoadedRuntime[] = [];
  const opened = (places: readonly string[]): EmbeddedModel => {
    const model = openModel({ native: places, onLoaded: (each) => loaded.push(each) });
    open.push(model);
    return model;
  };
  const planted = (text: string): string => {
    const file = path.join(folder, 'onnxruntime.cjs');
    writeFileSync(file, text);
    return file;
  };
  const ask = (model: EmbeddedModel) => model.ask({ kind: 'embedQuery', language: 'go', text: 'x' }, 'hover', never);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codegloss-runtime-'));
    loaded.length = 0;
  });
  afterEach(() => {
    for (const model of open.splice(0)) model.dispose();
    rmSync(folder, { recursive: true });
  });

  it.skipIf(!existsSync(native))('say the same but for rounding', async () => {
    const [ours, theirs] = [opened([native]), opened([])];
    const equal: boolean[] = [];
    for (const prompt of prompts) {
      const both = [ours, theirs].map((model) =>
        Promise.all([
          model.ask({ kind: 'summarize', prompt }, 'file', never),
          model.ask({ kind: 'embedCode', prompt }, 'file', never),
        ]),
      );
      const [[left, leftVector], [right, rightVector]] = (await Promise.all(both)) as [
        Awaited<(typeof both)[0]>,
        Awaited<(typeof both)[0]>,
      ];
      expect(dot(leftVector, rightVector)).toBeGreaterThan(0.99);
      expect(left.inputTokens).toBe(right.inputTokens);
      equal.push(left.text === right.text);
    }
    expect(equal.filter(Boolean).length).toBeGreaterThanOrEqual(prompts.length / 2);
    expect(loaded.map(({ runtime }) => runtime).sort()).toEqual(['onnxruntime-node', 'onnxruntime-web']);
    expect(loaded.map(({ problem }) => problem)).toEqual([undefined, undefined]);
  });

  it('fall back to WebAssembly, and say why, where the native one does not load', async () => {
    const vector = await ask(opened([planted("throw new Error('libc is too old');")]));
    expect(dot(vector, vector)).toBeCloseTo(1, 3);
    expect(loaded).toEqual([{ runtime: 'onnxruntime-web', problem: 'libc is too old' }]);
  });

  it('answer all the same, and stay with WebAssembly, where the native one kills its process', async () => {
    const model = opened([planted("process.kill(process.pid, 'SIGKILL');")]);
    const vector = await ask(model);
    expect(dot(vector, vector)).toBeCloseTo(1, 3);
    expect(loaded).toEqual([{ runtime: 'onnxruntime-web', problem: 'its process ended by SIGKILL' }]);
    expect(dot(await ask(model), vector)).toBeCloseTo(1, 5);
    expect(loaded).toHaveLength(1);
  });

  it('need no native one: a place where none lies is no problem', async () => {
    await ask(opened([path.join(folder, 'none.cjs')]));
    expect(loaded).toMatchObject([{ runtime: 'onnxruntime-web', problem: undefined }]);
  });
});
