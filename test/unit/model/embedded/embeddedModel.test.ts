import { copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedModel } from '../../../../server/src/model/embedded/embeddedModel.ts';
import { handClock } from '../requests.ts';
import { closeSocket, openModel, root } from './realModel.ts';

const never = new AbortController().signal;
const patience = 300_000;

describe('the embedded model in its thread', { timeout: patience }, () => {
  let model: EmbeddedModel;
  beforeAll(() => {
    model = openModel();
  });
  afterAll(() => model.dispose());

  const summarize = (prompt = closeSocket, signal = never) => model.ask({ kind: 'summarize', prompt }, 'lens', signal);

  it('says one sentence with how sure it was', async () => {
    const { text, logProbability, fit, inputTokens, outputTokens } = await summarize();
    expect(text).toMatch(/^\S+ \S+/);
    expect(logProbability).toBeLessThan(0);
    expect(logProbability).toBeGreaterThan(-10 * (outputTokens + 1));
    expect(fit).toBeGreaterThan(0.3);
    expect(fit).toBeLessThanOrEqual(1);
    expect(inputTokens).toBeGreaterThan(60);
    expect(outputTokens).toBeGreaterThan(1);
  });

  it('reads what the members of a class share once, and answers the same with it', async () => {
    const fresh = openModel();
    const [first, second, other] = [
      await fresh.ask({ kind: 'summarize', prompt: closeSocket }, 'lens', never),
      await fresh.ask({ kind: 'summarize', prompt: closeSocket }, 'lens', never),
      await summarize(),
    ];
    fresh.dispose();
    expect(first.cachedTokens).toBe(0);
    expect(second.cachedTokens).toBeGreaterThan(20);
    expect([second.text, second.logProbability]).toEqual([first.text, first.logProbability]);
    expect([other.text, other.logProbability]).toEqual([first.text, first.logProbability]);
  });

  it('gives what is cancelled no answer, and goes on', async () => {
    const controller = new AbortController();
    const cancelled = summarize({ ...closeSocket, code: closeSocket.code.repeat(20) }, controller.signal);
    const next = summarize();
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await next).text).not.toBe('');
  });

  it('lets a hover overtake background work', async () => {
    const order: string[] = [];
    const long = { ...closeSocket, code: closeSocket.code.repeat(8) };
    const background = Array.from({ length: 2 }, () =>
      model.ask({ kind: 'summarize', prompt: long }, 'background', never).then(() => order.push('background')),
    );
    const hover = model.ask({ kind: 'summarize', prompt: closeSocket }, 'hover', never).then(() => order.push('hover'));
    await Promise.all([...background, hover]);
    expect(order[0]).toBe('hover');
  });

  it('places a question nearer to the code that answers it', async () => {
    const query = await model.ask(
      { kind: 'embedQuery', language: 'python', text: 'close unused connections' },
      'hover',
      never,
    );
    const near = await model.ask({ kind: 'embedCode', prompt: closeSocket }, 'background', never);
    const far = await model.ask(
      {
        kind: 'embedCode',
        prompt: {
          ...closeSocket,
          path: 'ui/color.py',
          owner: '',
          calls: [],
          code: 'def to_hex(red, green, blue):\n    return "#%02x%02x%02x" % (red, green, blue)',
        },
      },
      'background',
      never,
    );
    const dot = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
    expect(dot(near, near)).toBeCloseTo(1, 3);
    expect(dot(query, near)).toBeGreaterThan(dot(query, far));
  });

  it('finds a text more surprising than the one it has just read', async () => {
    const score = async (context: string, target: string): Promise<number> => {
      const { nll, offsets } = await model.ask(
        { kind: 'score', language: 'python', context, target },
        'background',
        never,
      );
      expect(offsets).toHaveLength(nll.length);
      return nll.reduce((sum, value) => sum + value, 0) / nll.length;
    };
    const line = 'def close_idle(self, seconds):\n';
    expect(await score(line, line)).toBeLessThan(await score('', line));
  });

  it('scores each token of a text that is longer than one window', async () => {
    const target = Array.from({ length: 170 }, (_, line) => `value_${line} = ${line}\n`).join('');
    const { nll } = await model.ask(
      { kind: 'score', language: 'python', context: 'x = 1\n', target },
      'background',
      never,
    );
    expect(nll.length).toBeGreaterThan(960);
    expect(nll.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
  });
});

describe('the thread of the embedded model', { timeout: patience }, () => {
  it('ends when idle and starts again when needed', async () => {
    const clock = handClock();
    const model = openModel({ clock });
    const first = await model.ask({ kind: 'summarize', prompt: closeSocket }, 'hover', never);
    await clock.advance(60_000);
    const again = await model.ask({ kind: 'summarize', prompt: closeSocket }, 'hover', never);
    model.dispose();
    expect(first.cachedTokens + again.cachedTokens).toBe(0);
    expect(again.text).toBe(first.text);
  });

  it('says in one line what is wrong with a broken file', async () => {
    const models = mkdtempSync(path.join(tmpdir(), 'codegloss-model-'));
    for (const name of ['model.json', 'tokenizer.json', 'codegloss-int8.onnx'])
      copyFileSync(path.join(root, 'models', name), path.join(models, name));
    truncateSync(path.join(models, 'codegloss-int8.onnx'), 1_000_000);
    const model = openModel({ models });
    const asked = model.ask({ kind: 'summarize', prompt: closeSocket }, 'hover', never);
    await expect(asked).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^The built-in model cannot be used \(.+\)\.$/),
    });
    model.dispose();
    rmSync(models, { recursive: true });
  });
});
