import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/src/model/clock.ts';
import { type OpenAiOptions, openAiModel } from '../../../server/src/model/openai.ts';
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

function modelAt(url: string, override: Partial<OpenAiOptions> = {}) {
  return openAiModel({
    model: 'qwen-coder',
    endpoint: `${url}/v1`,
    apiKey: async () => null,
    price: undefined,
    clock: systemClock,
    idleMs: 5000,
    ...override,
  });
}

describe('the OpenAI producer, with the real package', () => {
  it('returns the streamed JSON, tokens without guessed money, and sends no key where none is set', async () => {
    const server = await serverWith({
      openai: { kind: 'answer', document: { line: 'Adds.', paragraph: '', claims: [] } },
    });
    const produced = await modelAt(server.url).produce(requestFor(), never);
    expect(produced).toMatchObject({ kind: 'json', producer: { provider: 'openai', model: 'qwen-coder' } });
    expect(JSON.parse(produced.kind === 'json' ? produced.text : '')).toEqual({
      line: 'Adds.',
      paragraph: '',
      claims: [],
    });
    expect(produced.usage).toMatchObject({ cached: 0, cost: null });
    expect(produced.usage.input).toBeGreaterThan(0);
    expect(server.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('asks for the schema, deterministically, shared parts first', async () => {
    const server = await serverWith({});
    await modelAt(server.url).produce(requestFor(), never);
    const body = server.requests[0]!.body!;
    expect(body).toMatchObject({ temperature: 0, seed: 0, stream: true, max_tokens: 400 });
    expect(body['response_format']).toMatchObject({ type: 'json_schema', json_schema: { strict: true } });
    expect(server.requests[0]!.prompt).toMatch(
      /^You summarize code\.[\s\S]*about sums[\s\S]*holds add[\s\S]*return a \+ b/,
    );
  });

  it.each([
    ['json_object', ['json_object'] as const, 2],
    ['plain text', [] as const, 3],
  ])('falls back to %s, with the schema in words, and remembers it', async (_, formats, tries) => {
    const server = await serverWith({ formats, openai: { kind: 'wrapped' } });
    const model = modelAt(server.url);
    const produced = await model.produce(requestFor(), never);
    expect(JSON.parse(produced.kind === 'json' ? produced.text : '')).toHaveProperty('claims');
    expect(server.requests).toHaveLength(tries);
    expect(server.requests.at(-1)!.prompt).toContain('JSON schema');
    await model.produce(requestFor(), never);
    expect(server.requests).toHaveLength(tries + 1);
  });

  it('reports cached tokens', async () => {
    const server = await serverWith({ leastCachedTokens: 128 });
    const prompt = [{ role: 'system', text: 'Summarize. '.repeat(200) }] as const;
    const model = modelAt(server.url);
    await model.produce(requestFor({ prompt: [...prompt, { role: 'subject', text: 'one' }] }), never);
    const second = await model.produce(requestFor({ prompt: [...prompt, { role: 'subject', text: 'two' }] }), never);
    expect(second.usage.cached).toBeGreaterThanOrEqual(512);
    expect(second.usage.cached).toBeLessThan(second.usage.input);
  });

  it('takes the first model that the server lists when none is named, but no embedding model', async () => {
    const server = await serverWith({ models: ['nomic-embed-text', 'llama-3'] });
    const produced = await modelAt(server.url, { model: '' }).produce(requestFor(), never);
    expect(produced.producer.model).toBe('llama-3');
  });

  const failures: readonly [string, Behaviour, ModelErrorKind, Partial<ModelError>][] = [
    ['401 without a key', { kind: 'status', status: 401 }, 'noKey', {}],
    [
      '429 with retry-after',
      { kind: 'status', status: 429, retryAfterSeconds: 3 },
      'rateLimited',
      { retryAfterMs: 3000 },
    ],
    ['an exhausted quota', { kind: 'status', status: 429, code: 'insufficient_quota' }, 'auth', {}],
    ['503', { kind: 'status', status: 503 }, 'overloaded', {}],
    ['404', { kind: 'status', status: 404 }, 'unavailable', {}],
    ['a prompt over the context', { kind: 'status', status: 400, code: 'context_length_exceeded' }, 'tooLarge', {}],
    ['refusal', { kind: 'refuse' }, 'refused', {}],
    ['an answer cut by its limit', { kind: 'outOfTokens' }, 'badAnswer', {}],
    ['an answer that is no JSON', { kind: 'brokenJson' }, 'badAnswer', {}],
    ['a connection cut in the stream', { kind: 'cut', afterChunks: 3 }, 'network', {}],
  ];
  it.each(failures)('turns %s into its kind, once', async (_, behaviour, kind, details) => {
    const server = await serverWith({ openai: behaviour });
    const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
    expect(error.kind).toBe(kind);
    expect(error).toMatchObject(details);
    expect(server.requests).toHaveLength(1);
    expect(error.message).not.toContain('\n');
  });

  it('says that a set key was refused', async () => {
    const server = await serverWith({ key: 'right' });
    const error = await failureOf(modelAt(server.url, { apiKey: async () => 'wrong' }).produce(requestFor(), never));
    expect(error.kind).toBe('auth');
    expect(error.message).toContain('CodeGloss: Set API Key');
    expect(error.message).not.toContain('wrong');
  });

  it('never takes a broken wire or an error inside the stream for success', async () => {
    for (const behaviour of [{ kind: 'brokenWire' }, { kind: 'errorInStream', type: 'server_error' }] as const) {
      const server = await serverWith({ openai: behaviour });
      const error = await failureOf(modelAt(server.url).produce(requestFor(), never));
      expect(['badAnswer', 'network', 'overloaded']).toContain(error.kind);
    }
  });

  it('gives up on a stalled stream and leaves the server', async () => {
    const server = await serverWith({ openai: { kind: 'stall', afterChunks: 2 } });
    const error = await failureOf(modelAt(server.url, { idleMs: 100 }).produce(requestFor(), never));
    expect(error.kind).toBe('network');
    await expect.poll(() => server.requests[0]?.abandoned).toBe(true);
  });

  it('closes the connection when the caller cancels', async () => {
    const server = await serverWith({ openai: { kind: 'stall', afterChunks: 2 } });
    const controller = new AbortController();
    const pending = failureOf(modelAt(server.url).produce(requestFor(), controller.signal));
    await server.waitForRequests(1);
    controller.abort();
    expect((await pending).kind).toBe('cancelled');
  });
});
