import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import {
  createVectorService,
  type VectorService,
  type VectorServiceOptions,
} from '../../../server/src/repository/vectorService.ts';
import { locationOf, runIndex, writeRepository } from './indexedRepository.ts';

const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };
const question = Float32Array.of(1, 0);
const shop = `def shut(door):
    return door.latch()


def total(items):
    return sum(items)
`;

/** Two directions: what shuts, and all else. */
function embedderWith(embedCode: Embedder['embedCode']): Embedder {
  return { name: 'two', dimensions: 2, embedCode, embedQuery: async () => question };
}
const unit = (code: string): Float32Array => (code.includes('shut') ? Float32Array.of(1, 0) : Float32Array.of(0, 1));

describe('the vectors of an open repository', { timeout: 60_000 }, () => {
  let root: string;
  let home: string;
  const open: VectorService[] = [];
  const lines: string[] = [];
  let onLine: () => void = () => undefined;

  beforeEach(async () => {
    lines.length = 0;
    root = writeRepository({ 'shop.py': shop });
    home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    await runIndex(root, home);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((service) => service.dispose()));
    for (const folder of [root, home]) rmSync(folder, { recursive: true });
  });

  const serve = (embedder: Embedder, more: Partial<VectorServiceOptions> = {}): VectorService => {
    const service = createVectorService({
      location: locationOf(root, home),
      assets,
      embedder,
      whenIdle: async () => undefined,
      rest: async () => undefined,
      log: (line) => {
        lines.push(line);
        onLine();
      },
      ...more,
    });
    open.push(service);
    return service;
  };
  const told = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      onLine = () => lines.some((line) => pattern.test(line)) && resolve();
      onLine();
    });
  const names = async (service: VectorService): Promise<readonly string[]> =>
    (await service.near(question, [])).map(({ symbolPath, cosine }) => `${symbolPath} ${cosine.toFixed(1)}`);

  it('are made one after the other, each when it is idle, with a rest in proportion', async () => {
    const order: string[] = [];
    const service = serve(
      embedderWith(async ({ code }) => {
        order.push('vector');
        return unit(code);
      }),
      {
        whenIdle: async () => void order.push('idle'),
        rest: async (ms) => {
          expect(ms).toBeGreaterThanOrEqual(0);
          order.push('rest');
        },
      },
    );
    service.follow();
    await told(/^2 symbols/);
    expect(order).toEqual(['idle', 'vector', 'rest', 'idle', 'vector', 'rest']);
    expect(await names(service)).toEqual(['shut 1.0', 'total 0.0']);
  });

  it('go on after a restart where they stopped, and follow what changed', async () => {
    const first = serve(embedderWith(async ({ code }) => unit(code)));
    first.follow();
    await told(/^2 symbols/);
    await first.dispose();
    lines.length = 0;

    const asked: string[] = [];
    const again = serve(
      embedderWith(async ({ path: file, code }) => {
        asked.push(file);
        return unit(code);
      }),
    );
    expect(await names(again)).toEqual(['shut 1.0', 'total 0.0']);
    writeFileSync(path.join(root, 'gate.py'), 'def shut_gate(gate):\n    return gate.shut()\n');
    await runIndex(root, home);
    again.follow();
    await told(/^1 symbols/);
    expect(asked).toEqual(['gate.py']);
    expect(await names(again)).toEqual(['shut_gate 1.0', 'shut 1.0', 'total 0.0']);
  });

  it('wait while somebody types, and answer questions meanwhile', async () => {
    let release: () => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const service = serve(
      embedderWith(async ({ code }) => unit(code)),
      {
        whenIdle: () => {
          isAsked();
          return new Promise<void>((resolve) => {
            release = resolve;
          });
        },
      },
    );
    service.follow();
    await asked;
    expect(await names(service)).toEqual([]);
    release();
  });

  it('say once why there are none, where the model fails, and leave it at that', async () => {
    let asked = 0;
    const service = serve(
      embedderWith(async () => {
        asked += 1;
        throw new Error('no model');
      }),
    );
    service.follow();
    await told(/no model/);
    service.follow();
    expect(await names(service)).toEqual([]);
    expect(asked).toBe(1);
    expect(lines).toHaveLength(1);
  });
});
