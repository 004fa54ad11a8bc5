import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../server/src/cli/run.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { type Bench, bench } from './commands.ts';
import { honestAnswer } from './honestModel.ts';

/** Two files: functions that call each other across them, so that batches follow the levels of the calls. */
const files = {
  'a/leaf.js': 'export function leaf(value) {\n  const twice = value * 2;\n  return twice;\n}\n',
  'b/middle.js':
    "import { leaf } from '../a/leaf.js';\n\nexport function middle(value) {\n  const raised = leaf(value);\n  return raised + 1;\n}\n\nexport function alone(value) {\n  const less = value - 1;\n  return less;\n}\n",
};
/** leaf, middle, alone, two files. */
const targets = 5;

const opened: { one: Bench; server: Loopback }[] = [];
afterEach(async () => {
  for (const { one, server } of opened.splice(0)) {
    one.dispose();
    await server.close();
  }
});

async function open(batches: LoopbackOptions['batches'] = {}) {
  const server = await startLoopback({ anthropic: honestAnswer, openai: honestAnswer, batches });
  const one = bench(files);
  opened.push({ one, server });
  return { one, server };
}

const live = (server: Loopback): readonly string[] =>
  server.paths.filter((path) => path === '/v1/messages' || path === '/v1/chat/completions');

describe.each([
  ['anthropic', (url: string) => ['--provider', 'anthropic', '--endpoint', url]],
  [
    'openai',
    (url: string) => ['--provider', 'openai', '--model', 'some-model', '--endpoint', `${url}/v1`, '--price', '1/2'],
  ],
] as const)('batches of %s', (_, remoteTo) => {
  const run = (one: Bench, server: Loopback, ...more: string[]) =>
    one.run(runCommand, [...remoteTo(server.url), '--yes', '--batch', '--poll', '0.05', ...more]);

  it('go out level by level, cost half, and match their answers', async () => {
    const { one, server } = await open({ runningLooks: 2 });
    const { code, json } = await run(one, server);
    expect(code).toBe(0);
    expect(json).toMatchObject({ planned: targets, generated: targets, failed: 0, requests: targets });
    expect(live(server)).toEqual([]);
    // leaf and alone, then middle and leaf's file, then middle's file; on a busy machine one of these may miss its batch.
    expect(server.batchSizes[0]).toBe(2);
    expect(server.batchSizes.length).toBeLessThan(targets);
    const batched = Number(json['cost']);
    one.forget();
    const again = await one.run(runCommand, [...remoteTo(server.url), '--yes']);
    expect(batched / Number(again.json['cost'])).toBeCloseTo(0.5, 2);
  });

  it('send again what expired or failed', async () => {
    const { one, server } = await open({
      fate: (index) => (index === 0 ? 'expired' : index === 1 ? 'errored' : 'answered'),
    });
    const { json } = await run(one, server);
    expect(json).toMatchObject({ generated: targets, failed: 0 });
    expect(server.batchSizes.reduce((sum, size) => sum + size, 0)).toBe(targets + 2);
    expect(server.requests).toHaveLength(targets);
  });

  it('are found again after an interruption, and not paid for twice', async () => {
    const { one, server } = await open({ runningLooks: 3 });
    const controller = new AbortController();
    const first = one.run(runCommand, [...remoteTo(server.url), '--yes', '--batch', '--poll', '0.05'], {
      signal: controller.signal,
    });
    await expect.poll(() => server.batchSizes.length, { timeout: 15_000 }).toBe(1);
    controller.abort();
    await expect(first).rejects.toThrow();
    const { json } = await run(one, server);
    expect(json).toMatchObject({ generated: targets, failed: 0 });
    expect(server.batchSizes.reduce((sum, size) => sum + size, 0)).toBe(targets);
    expect(server.requests).toHaveLength(targets);
  });

  it('are found again when the process did not hear their name', async () => {
    const { one, server } = await open({ breakOff: (batch) => batch === 0 });
    const { json } = await run(one, server);
    expect(json).toMatchObject({ generated: targets, failed: 0 });
    expect(server.requests).toHaveLength(targets);
    expect(server.batchSizes.reduce((sum, size) => sum + size, 0)).toBe(targets);
  });

  it('are not sent again while nobody can say whether they were', async () => {
    let isListAway = true;
    const { one, server } = await open({ breakOff: (batch) => batch === 0, isListAway: () => isListAway });
    const sent = (): number => server.batchSizes.reduce((sum, size) => sum + size, 0);
    expect((await run(one, server)).json).toMatchObject({ generated: 0 });
    const first = sent();
    expect(first).toBeGreaterThan(0);
    expect((await run(one, server)).json).toMatchObject({ generated: 0 });
    expect(sent()).toBe(first);
    isListAway = false;
    expect((await run(one, server)).json).toMatchObject({ generated: targets, failed: 0 });
    expect(sent()).toBe(targets);
    expect(server.requests).toHaveLength(targets);
  });

  it('stay within --max-cost', async () => {
    const { one, server } = await open();
    const { code, json } = await run(one, server, '--max-cost', '0.0000001');
    expect(code).toBe(1);
    expect(json).toMatchObject({ generated: 0, stopped: expect.stringMatching(/--max-cost/) });
    expect(server.batchSizes).toEqual([]);
  });

  it('are fetched again when what was made of the answers was lost', async () => {
    const { one, server } = await open();
    await run(one, server);
    one.forgetSummaries();
    const { json } = await run(one, server);
    expect(json).toMatchObject({ generated: targets, failed: 0 });
    expect(server.requests).toHaveLength(targets);
    expect(server.batchSizes.reduce((sum, size) => sum + size, 0)).toBe(targets);
  });
});
