import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../server/src/cli/run.ts';
import { type Loopback, type Script, startLoopback } from '../../loopback/server.ts';
import { type Bench, bench } from './commands.ts';
import { honestAnswer } from './honestModel.ts';

const files = {
  'src/area.ts': `import { square } from './square.ts';

export function circleArea(radius: number): number {
  return Math.PI * square(radius);
}

export function ringArea(inner: number, outer: number): number {
  return circleArea(outer) - circleArea(inner);
}
`,
  'src/square.ts': `export function square(side: number): number {
  return side * side;
}
`,
  'tools/count.py': `class Counter:
    def __init__(self, start):
        self.value = start

    def step(self, by):
        self.value += by
        return self.value
`,
};
/** circleArea, ringArea, square, Counter, its two methods, three files. */
const targets = 9;

const opened: { bench: Bench; server: Loopback }[] = [];
afterEach(async () => {
  for (const { bench: one, server } of opened.splice(0)) {
    one.dispose();
    await server.close();
  }
});

async function open(anthropic: Script = honestAnswer) {
  const server = await startLoopback({ anthropic, openai: anthropic });
  const one = bench(files);
  opened.push({ bench: one, server });
  const remote = ['--provider', 'anthropic', '--endpoint', server.url];
  return { one, server, remote };
}

describe('codegloss run', () => {
  it('summarizes everything once, callees before callers, and nothing again', async () => {
    const { one, server, remote } = await open();
    const { code, json } = await one.run(runCommand, [...remote, '--yes']);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      schema: 1,
      planned: targets,
      reused: 0,
      generated: targets,
      failed: 0,
      requests: targets,
    });
    const order = server.requests.map(({ prompt }) => /Summarize the (?:\w+ "(\w+)"|file)/.exec(prompt)?.[1] ?? 'file');
    expect(order.indexOf('square')).toBeLessThan(order.indexOf('circleArea'));
    expect(order.indexOf('circleArea')).toBeLessThan(order.indexOf('ringArea'));
    expect(order.indexOf('step')).toBeLessThan(order.indexOf('Counter'));
    const again = await one.run(runCommand, [...remote, '--yes']);
    expect(again.json).toMatchObject({ planned: 0, reused: targets, generated: 0, requests: 0, cost: 0 });
    expect(server.requests).toHaveLength(targets);
  });

  it('forecasts without asking a model or keeping anything, within 15 % of what is then counted', async () => {
    const { one, server, remote } = await open();
    const forecast = (await one.run(runCommand, [...remote, '--dry-run'])).json;
    expect(server.requests).toHaveLength(0);
    expect(forecast).toMatchObject({ planned: targets, reused: 0, requests: targets });
    const real = (await one.run(runCommand, [...remote, '--yes'])).json;
    const tokens = ({ tokens }: Record<string, unknown>) => tokens as { input: number; output: number };
    const sum = (report: Record<string, unknown>) => tokens(report).input + tokens(report).output;
    expect(Math.abs(sum(forecast) / sum(real) - 1)).toBeLessThan(0.15);
    expect(Math.abs(tokens(forecast).input / tokens(real).input - 1)).toBeLessThan(0.15);
  });

  it('lets the questions about a file read its text from the cache, and foresees what that costs', async () => {
    const functions = Array.from(
      { length: 40 },
      (_, n) =>
        `export function part${n}(input: number): number {\n  const doubled${n} = input * 2;\n  return doubled${n};\n}\n`,
    );
    const server = await startLoopback({ anthropic: honestAnswer });
    const one = bench({ 'parts.ts': functions.join('\n') });
    opened.push({ bench: one, server });
    const remote = ['--provider', 'anthropic', '--endpoint', server.url];
    const reportOf = async (how: string) =>
      (await one.run(runCommand, [...remote, how])).json as { tokens: { input: number; cached: number }; cost: number };
    const forecast = await reportOf('--dry-run');
    const real = await reportOf('--yes');
    expect(real.tokens.cached / real.tokens.input).toBeGreaterThan(0.6);
    expect(Math.abs(forecast.tokens.cached / real.tokens.cached - 1)).toBeLessThan(0.15);
    expect(Math.abs(forecast.cost / real.cost - 1)).toBeLessThan(0.15);
  });

  it('costs after a change of one function what stands on it and no more', async () => {
    const { one, server, remote } = await open();
    await one.run(runCommand, [...remote, '--yes']);
    one.write({ 'tools/count.py': files['tools/count.py'].replace('+= by', '-= by') });
    // The method, its class and its file; nobody calls it.
    expect((await one.run(runCommand, [...remote, '--yes'])).json).toMatchObject({
      planned: 3,
      generated: 3,
      requests: 3,
    });
    one.write({ 'src/square.ts': files['src/square.ts'].replace('side * side', 'side ** 2') });
    // The function, its file, and the function that calls it from another file; not what calls that one.
    expect((await one.run(runCommand, [...remote, '--yes'])).json).toMatchObject({
      planned: 3,
      generated: 3,
      requests: 3,
    });
    expect(server.requests).toHaveLength(targets + 6);
  });

  it('looks with --since only at what changed and what calls it', async () => {
    const { one, remote } = await open();
    one.git('init', '-q');
    one.git('add', '.');
    one.git('commit', '-q', '-m', 'first');
    one.write({ 'src/square.ts': files['src/square.ts'].replace('side * side', 'side ** 2') });
    const { json } = await one.run(runCommand, [...remote, '--yes', '--since', 'HEAD']);
    // square and its file, and circleArea, which calls it.
    expect(json).toMatchObject({ planned: 3, reused: 0, generated: 3 });
    await expect(one.run(runCommand, [...remote, '--yes', '--since', 'nothing'])).rejects.toThrow(/nothing/);
  });

  it('never spends more than --max-cost, and goes on with more', async () => {
    const { one, server, remote } = await open();
    const { code, json, err } = await one.run(runCommand, [...remote, '--yes', '--max-cost', '0.0018']);
    expect(code).toBe(1);
    expect(Number(json['cost'])).toBeLessThanOrEqual(0.0018);
    expect(server.requests.length).toBeGreaterThan(0);
    expect(server.requests.length).toBeLessThan(targets);
    expect(err).toMatch(/--max-cost/);
    const before = server.requests.length;
    const rest = await one.run(runCommand, [...remote, '--yes', '--max-cost', '1']);
    expect(rest.json).toMatchObject({ reused: before, generated: targets - before, failed: 0 });
    expect(server.requests).toHaveLength(targets);
  });

  it('refuses --max-cost where no price is known, naming what to fill', async () => {
    const { one } = await open();
    const unpriced = ['--provider', 'openai', '--model', 'some-model', '--endpoint', 'http://models.example.org/v1'];
    await expect(one.run(runCommand, [...unpriced, '--yes', '--max-cost', '1'])).rejects.toThrow(
      /--price.*codegloss\.prices/,
    );
  });

  it('wants --yes where nobody can be asked', async () => {
    const { one, server, remote } = await open();
    await expect(one.run(runCommand, remote)).rejects.toThrow(/--yes/);
    expect(server.requests).toHaveLength(0);
  });

  it('finishes what is paid for when it is interrupted, and does not pay for it again', async () => {
    const { one, server, remote } = await open();
    const controller = new AbortController();
    void server.waitForRequests(3).then(() => controller.abort());
    await expect(
      one.run(runCommand, [...remote, '--yes', '--parallel', '1'], { signal: controller.signal }),
    ).rejects.toThrow();
    expect(server.requests.length).toBeLessThan(targets);
    expect(server.requests.every(({ abandoned }) => !abandoned)).toBe(true);
    await one.run(runCommand, [...remote, '--yes']);
    expect(server.requests).toHaveLength(targets);
  });

  it('stops at a refused key instead of trying it for every symbol', async () => {
    const { one, server, remote } = await open({ kind: 'status', status: 401 });
    const { code, json } = await one.run(runCommand, [...remote, '--yes']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ generated: 0, failed: 0, stopped: expect.stringMatching(/key/i) });
    expect(server.requests.length).toBeLessThan(4);
  });

  it('goes on past a symbol whose answers are useless, and says so', async () => {
    const { one, remote } = await open((request) =>
      /Summarize the function "square"/.test(request.prompt) ? { kind: 'brokenJson' } : honestAnswer(request),
    );
    const { code, json, err } = await one.run(runCommand, [...remote, '--yes']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ generated: targets - 1, failed: 1 });
    expect(err).toContain('square');
  });
});
