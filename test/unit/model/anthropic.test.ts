import { afterEach, describe, expect, it } from 'vitest';
import { type AnthropicOptions, anthropicModel } from '../../../server/src/model/anthropic.ts';
import { systemClock } from '../../../server/src/model/clock.ts';
import { priceOf } from '../../../server/src/model/prices.ts';
import type { RateLimits } from '../../../server/src/model/rateWindow.ts';
import type { ModelError, ModelErrorKind } from '../../../server/src/types/errors.ts';
import type { Behaviour } from '../../loopback/behaviour.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { failureOf, never } from './failures.ts';
import { requestFor } from './requests.ts';

const open: Loopback[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serverWith(options: LoopbackOptions): Promise<Loopback> {
  const server = await startLoopback(options);
  open.push(server);
  return server;
}

function modelAt(url: string, override: Partial<AnthropicOptions> = {}) {
  return anthropicModel({
    model: 'claude-haiku-5-5',
    endpoint: url,
    apiKey: async () => 'sk-ant-test',
    price: priceOf('claude-haiku-5-5', {}),
    clock: systemClock,
    idleMs: 5000,
    ...override,
  });
}

describe('the Anthropic producer, with the real SDK', () => {
  it('returns the streamed JSON with its producer and usage', async () => {
    const server = await serverWith({
      anthropic: { kind: 'answer', document: { line: 'Adds.', paragraph: '', claims: [] } },
    });
    const produced = await modelAt(server.url).produce(requestFor(), never);
    expect(produced).toMatchObject({ kind: 'json', producer: { provider: 'anthropic', model: 'claude-haiku-5-5' } });
    expect(JSON.parse(produced.kind === 'json' ? produced.text : '')).toEqual({
      line: 'Adds.',
      paragraph: '',
      claims: [],
    });
    expect(produced.usage.input).toBeGreaterThan(0);
    expect(produced.usage.output).toBeGreaterThan(0);
    expect(produced.usage.cost).toBeGreaterThan(0);
  });

  it('lays shared blocks first, marks the end of each for the cache, and sends no sampling parameter', async () => {
    const server = await serverWith({});
    await modelAt(server.url).produce(requestFor(), never);
    const body = server.requests[0]!.body!;
    expect(body['system']).toEqual([
      { type: 'text', text: 'You summarize code.', cache_control: { type: 'ephemeral' } },
    ]);
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'The repository is about sums.', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'The file holds add.', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'function add(a, b) {\n  return a + b;\n}' },
        ],
      },
    ]);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['temperature']));
    expect(body['output_config']).toMatchObject({ format: { type: 'json_schema' } });
    expect(server.requests[0]!.headers.authorization).toBe('Bearer sk-ant-test');
  });

  it('reports what the provider read from its cache when only the subject differs', async () => {
    const server = await serverWith({ leastCachedTokens: 100 });
    const model = modelAt(server.url);
    const shared = [
      { role: 'system', text: 'Summarize. '.repeat(100) },
      { role: 'file', text: 'The file. '.repeat(100) },
    ] as const;
    const first = await model.produce(requestFor({ prompt: [...shared, { role: 'subject', text: 'one' }] }), never);
    const second = await model.produce(requestFor({ prompt: [...shared, { role: 'subject', text: 'two' }] }), never);
    expect(first.usage.cached).toBe(0);
    expect(second.usage.cached).toBe(275 + 250);
    expect(second.usage.cost).toBeLessThan(first.usage.cost ?? 0);
  });

  const failures: readonly [string, Behaviour, ModelErrorKind, Partial<ModelError>][] = [
    ['401', { kind: 'status', status: 401 }, 'auth', {}],
    ['403', { kind: 'status', status: 403 }, 'auth', {}],
    [
      '429 with retry-after',
      { kind: 'status', status: 429, retryAfterSeconds: 7 },
      'rateLimited',
      { retryAfterMs: 7000 },
    ],
    ['529', { kind: 'status', status: 529 }, 'overloaded', {}],
    ['500', { kind: 'status', status: 500 }, 'overloaded', {}],
    ['404', { kind: 'status', status: 404 }, 'unavailable', {}],
    ['413', { kind: 'status', status: 413 }, 'tooLarge', {}],
    [
      '400 because of length',
      { kind: 'status', status: 400, message: 'prompt is too long: 2 tokens > 1 maximum' },
      'tooLarge',
      {},
    ],
    ['overload inside the stream', { kind: 'errorInStream', type: 'overloaded_error' }, 'overloaded', {}],
    ['refusal', { kind: 'refuse' }, 'refused', {}],
    ['an answer cut by its limit', { kind: 'outOfTokens' }, 'badAnswer', {}],
    ['an answer that is no JSON', { kind: 'brokenJson' }, 'badAnswer', {}],
    ['a connection cut in the stream', { kind: 'cut', afterChunks: 3 }, 'network', {}],
  ];
  it.each(failures)('turns %s into its kind, once, without retrying by itself', async (_, behaviour, kind, details) => {
    const server = await serverWith({ anthropic: behaviour });
    const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
    expect(error.kind).toBe(kind);
    expect(error).toMatchObject(details);
    expect(server.requests).toHaveLength(1);
    expect(error.message).not.toMatch(/\n|sk-ant/);
  });

  it('knows what a refused or broken answer was billed', async () => {
    const server = await serverWith({ anthropic: { kind: 'refuse' } });
    const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
    expect(error.usage?.input).toBeGreaterThan(0);
  });

  it('treats a broken wire as no usable answer or connection, never as success', async () => {
    const server = await serverWith({ anthropic: { kind: 'brokenWire' } });
    const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
    expect(['badAnswer', 'network']).toContain(error.kind);
  });

  it('gives up on a stream that stalls, before the first byte as well as after some', async () => {
    for (const afterChunks of [0, 3]) {
      const server = await serverWith({ anthropic: { kind: 'stall', afterChunks } });
      const error = await failureOf(modelAt(server.url, { idleMs: 100 }).produce(requestFor(), never));
      expect(error.kind).toBe('network');
      await expect.poll(() => server.requests[0]?.abandoned).toBe(true);
    }
  });

  it('closes the connection when the caller cancels', async () => {
    const server = await serverWith({ anthropic: { kind: 'stall', afterChunks: 3 } });
    const controller = new AbortController();
    const pending = failureOf(modelAt(server.url).produce(requestFor(), controller.signal));
    await server.waitForRequests(1);
    controller.abort();
    expect((await pending).kind).toBe('cancelled');
    await expect.poll(() => server.requests[0]?.abandoned).toBe(true);
  });

  it('says that a server which is not there cannot be reached, and that nothing was billed', async () => {
    const server = await startLoopback();
    await server.close();
    const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
    expect(error.kind).toBe('network');
    expect(error.usage).toEqual({ input: 0, cached: 0, output: 0, cost: 0 });
  });

  it('asks nobody without a key', async () => {
    const server = await serverWith({});
    const error = await failureOf(modelAt(server.url, { apiKey: async () => null }).produce(requestFor(), never));
    expect(error.kind).toBe('noKey');
    expect(error.message).toContain('CodeGloss: Set API Key');
    expect(server.paths).toEqual([]);
  });

  it('steps down to plain JSON where a gateway rejects structured output, and remembers it', async () => {
    const server = await serverWith({
      anthropic: (request) =>
        request.body?.['output_config'] === undefined
          ? { kind: 'wrapped' }
          : { kind: 'status', status: 400, message: 'output_config: unknown field' },
    });
    const model = modelAt(server.url);
    const produced = await model.produce(requestFor(), never);
    expect(JSON.parse(produced.kind === 'json' ? produced.text : '')).toHaveProperty('line');
    expect(server.requests).toHaveLength(3);
    await model.produce(requestFor(), never);
    expect(server.requests).toHaveLength(4);
  });

  it('counts tokens without asking a model', async () => {
    const server = await serverWith({});
    const counted = await modelAt(server.url).countTokens(
      requestFor({ prompt: [{ role: 'subject', text: 'x'.repeat(400) }] }),
      never,
    );
    expect(counted).toBe(100);
    expect(server.requests).toHaveLength(0);
  });

  it('hears the limits that the provider names', async () => {
    const heard: RateLimits[] = [];
    const server = await serverWith({
      headers: { 'anthropic-ratelimit-requests-limit': '1000', 'anthropic-ratelimit-tokens-limit': '450000' },
    });
    await modelAt(server.url, { onLimits: (limits) => heard.push(limits) }).produce(requestFor(), never);
    expect(heard).toEqual([{ requestsPerMinute: 1000, tokensPerMinute: 450000 }]);
  });

  it('ignores keys, endpoints and headers of the environment', async () => {
    const before = { ...process.env };
    process.env['ANTHROPIC_API_KEY'] = 'sk-env';
    process.env['ANTHROPIC_BASE_URL'] = 'http://127.0.0.1:9';
    process.env['ANTHROPIC_CUSTOM_HEADERS'] = 'Authorization: Bearer sk-env\nx-api-key: sk-env';
    try {
      const server = await serverWith({});
      await modelAt(server.url).produce(requestFor(), never);
      expect(server.requests[0]!.headers.authorization).toBe('Bearer sk-ant-test');
      expect(JSON.stringify(server.requests[0]!.headers)).not.toContain('sk-env');
    } finally {
      process.env = before;
    }
  });
});
