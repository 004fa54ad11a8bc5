import { afterEach, describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../server/src/model/budget.ts';
import { createProducer, type ManagedProducer, type ProducerPorts } from '../../../server/src/model/producers.ts';
import type { EditorModelResult } from '../../../server/src/protocol.ts';
import type { ModelError } from '../../../server/src/types/errors.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { failureOf, never } from './failures.ts';
import { handClock, portsWith, requestFor, settingsOf } from './requests.ts';

const servers: Loopback[] = [];
const producers: ManagedProducer[] = [];
afterEach(async () => {
  for (const producer of producers.splice(0)) producer.dispose();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serverWith(options: LoopbackOptions): Promise<Loopback> {
  const server = await startLoopback(options);
  servers.push(server);
  return server;
}

function producerFor(settings: unknown, ports: Partial<ProducerPorts> = {}): ManagedProducer {
  const producer = createProducer(settingsOf(settings), portsWith(ports));
  producers.push(producer);
  return producer;
}

describe('the producer that the settings name', () => {
  it('is local by default, the outline where the embedded model is not there, and asks no port', async () => {
    const producer = producerFor({}, { isTrusted: () => false, isChosen: () => false });
    expect(producer.local).toBe(true);
    const answer = await producer.produce(requestFor(), never);
    expect(answer).toMatchObject({ kind: 'text', producer: { provider: 'outline' }, usage: { cost: 0 } });
  });

  it('is the embedded model where it is there, and outline in its place until then', () => {
    const embedded = { ...producerFor({}), identity: { provider: 'embedded', model: 'gloss-1' } as const };
    expect(producerFor({ provider: 'embedded' }, { embedded: () => embedded }).identity.model).toBe('gloss-1');
    expect(producerFor({ provider: 'embedded' }).identity.provider).toBe('outline');
  });

  it('is Claude Haiku by default for Anthropic', () => {
    const { identity, local } = producerFor({ provider: 'anthropic' });
    expect({ identity, local }).toEqual({
      identity: { provider: 'anthropic', model: 'claude-haiku-5-5' },
      local: false,
    });
  });

  it('says which setting is wrong when the endpoint is no URL', async () => {
    const error = await failureOf(
      producerFor({ provider: 'openai', endpoint: 'ftp://x' }).produce(requestFor(), never),
    );
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('codegloss.endpoint') });
  });
});

describe('gate, scheduler and provider together, with the real SDKs', () => {
  it('answers through Anthropic and counts the day', async () => {
    const server = await serverWith({ key: 'sk-right' });
    const producer = producerFor(
      { provider: 'anthropic', endpoint: `${server.url}/v1` },
      { apiKey: async () => 'sk-right' },
    );
    const answer = await producer.produce(requestFor(), never);
    expect(answer.kind).toBe('json');
    expect(producer.today()).toEqual({ ...answer.usage, cost: expect.closeTo(answer.usage.cost ?? 0, 8) });
  });

  it('answers through an OpenAI-compatible server whose endpoint lacks its path', async () => {
    const server = await serverWith({ models: ['llama-3'] });
    const producer = producerFor({ provider: 'openai', endpoint: server.url });
    const answer = await producer.produce(requestFor(), never);
    expect(answer).toMatchObject({ kind: 'json', producer: { model: 'llama-3' }, usage: { cost: null } });
    expect(producer.local).toBe(true);
  });

  it('sends nothing that the gate refuses', async () => {
    const server = await serverWith({});
    for (const ports of [{ isTrusted: () => false }, { isIgnored: () => true }] satisfies Partial<ProducerPorts>[]) {
      const producer = producerFor({ provider: 'anthropic', endpoint: server.url }, ports);
      expect((await failureOf(producer.produce(requestFor(), never))).kind).toBe('blocked');
    }
    expect(server.paths).toEqual([]);
  });

  it('asks once for two readers of the same summary', async () => {
    const server = await serverWith({ anthropic: { kind: 'answer', delayMs: 30 } });
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url });
    const answers = await Promise.all([
      producer.produce(requestFor(), never),
      producer.produce(requestFor({ priority: 'background' }), never),
    ]);
    expect(answers[0]).toBe(answers[1]);
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as the provider asks before it tries again', async () => {
    const clock = handClock();
    const server = await serverWith({
      anthropic: [{ kind: 'status', status: 429, retryAfterSeconds: 20 }, { kind: 'answer' }],
    });
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url }, { clock });
    const answer = producer.produce(requestFor(), never);
    await server.waitForRequests(1);
    await expect
      .poll(async () => {
        await clock.advance(5000);
        return server.requests.length;
      })
      .toBe(2);
    expect((await answer).kind).toBe('json');
    expect(clock.now() - 1_800_000_000_000).toBeGreaterThanOrEqual(20_000);
  });

  it('names the setting when the endpoint is on a port that nobody may ask', async () => {
    const producer = producerFor({ provider: 'openai', endpoint: 'http://127.0.0.1:9/v1', model: 'm' });
    expect(await failureOf(producer.produce(requestFor(), never))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('codegloss.endpoint names port 9'),
    });
  });

  it('has one request counted exactly, before it knows better', async () => {
    const server = await serverWith({});
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url });
    for (const key of ['k1', 'k2', 'k3']) await producer.produce(requestFor({ key }), never);
    expect(server.paths.filter((path) => path.endsWith('count_tokens'))).toHaveLength(1);
  });

  it('follows the limits that an OpenAI-compatible server names', async () => {
    const clock = handClock();
    const headers = { 'x-ratelimit-limit-requests': '1', 'x-ratelimit-limit-tokens': '100000' };
    const server = await serverWith({ headers });
    const producer = producerFor({ provider: 'openai', endpoint: `${server.url}/v1`, model: 'm' }, { clock });
    await producer.produce(requestFor({ key: 'k1' }), never);
    const second = producer.produce(requestFor({ key: 'k2' }), never);
    await clock.advance(30_000);
    expect(server.requests).toHaveLength(1);
    await clock.advance(31_000);
    expect((await second).kind).toBe('json');
  });

  it('leaves a broken answer to who asked, who can say what was wrong', async () => {
    const server = await serverWith({ anthropic: { kind: 'brokenJson' } });
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url });
    expect(await failureOf(producer.produce(requestFor(), never))).toMatchObject({ kind: 'badAnswer' });
    expect(server.requests).toHaveLength(1);
  });

  it('recovers from an overload and from a server error', async () => {
    for (const first of [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 529 },
    ] as const) {
      const clock = handClock();
      const server = await serverWith({ anthropic: [first, { kind: 'answer' }] });
      const producer = producerFor({ provider: 'anthropic', endpoint: server.url }, { clock });
      const answer = producer.produce(requestFor(), never);
      await expect
        .poll(async () => {
          await clock.advance(1000);
          return server.requests.length;
        })
        .toBe(2);
      expect((await answer).kind).toBe('json');
    }
  });

  it('notifies once of a refused key, sends nothing more, and goes on after the key changed', async () => {
    const server = await serverWith({ key: 'sk-new' });
    const blocked: ModelError[] = [];
    let key: string | null = 'sk-old';
    const producer = producerFor(
      { provider: 'anthropic', endpoint: server.url },
      { apiKey: async () => key, onBlocked: (error) => blocked.push(error) },
    );
    const errors = await Promise.all(
      [1, 2, 3].map((n) => failureOf(producer.produce(requestFor({ key: `k${n}` }), never))),
    );
    expect(new Set(errors.map((error) => error.kind))).toEqual(new Set(['auth']));
    expect(blocked).toHaveLength(1);
    const asked = server.paths.length;
    await failureOf(producer.produce(requestFor({ key: 'k4' }), never));
    expect(server.paths).toHaveLength(asked);
    key = 'sk-new';
    producer.credentialsChanged();
    expect((await producer.produce(requestFor({ key: 'k5' }), never)).kind).toBe('json');
  });

  it('says which command sets a missing key, without asking the network', async () => {
    const server = await serverWith({});
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url }, { apiKey: async () => null });
    const error = await failureOf(producer.produce(requestFor(), never));
    expect(error).toMatchObject({ kind: 'noKey', message: expect.stringContaining('CodeGloss: Set API Key') });
    expect(server.paths).toEqual([]);
  });

  it('refuses what the daily budget does not cover, before anything is sent', async () => {
    const server = await serverWith({});
    const producer = producerFor({ provider: 'anthropic', endpoint: server.url, budget: { daily: 0.000001 } });
    expect(await failureOf(producer.produce(requestFor(), never))).toMatchObject({ kind: 'budget' });
    expect(server.paths).toEqual([]);
  });

  it('shares one budget between two producers with one ledger, as two windows do', async () => {
    const server = await serverWith({});
    const ledger = memoryLedger();
    const settings = { provider: 'anthropic', endpoint: server.url };
    const [one, two] = [producerFor(settings, { ledger }), producerFor(settings, { ledger })];
    await one.produce(requestFor(), never);
    expect(two.today().input).toBeGreaterThan(0);
  });

  it('lets nothing out unasked where automatic is off, except to this machine', async () => {
    const server = await serverWith({});
    const local = producerFor({ provider: 'openai', endpoint: server.url, model: 'm' });
    expect((await local.produce(requestFor({ priority: 'lens' }), never)).kind).toBe('json');
    const remote = producerFor({ provider: 'anthropic' });
    expect(remote.admission('lens')).toMatchObject({ reason: 'notChosen' });
    expect(remote.admission('hover')).toBeUndefined();
    expect((await failureOf(remote.produce(requestFor({ priority: 'lens' }), never))).reason).toBe('notChosen');
  });
});

describe("the editor's own models", () => {
  const answer: EditorModelResult = {
    ok: true,
    text: '```json\n{"line":"Adds."}\n```',
    model: 'copilot-small',
    inputTokens: 12,
    outputTokens: 3,
  };

  it('get system and user text with the schema in words; tokens are told and money is not guessed', async () => {
    const asked: { system: string; user: string; model: string }[] = [];
    const producer = producerFor(
      { provider: 'editor', model: 'copilot-small' },
      {
        askEditor: async (params) => {
          asked.push(params);
          return answer;
        },
      },
    );
    const produced = await producer.produce(requestFor(), never);
    expect(produced).toEqual({
      kind: 'json',
      text: '{"line":"Adds."}',
      producer: { provider: 'editor', model: 'copilot-small' },
      usage: { input: 12, cached: 0, output: 3, cost: null },
    });
    expect(asked[0]!.system).toMatch(/^You summarize code\.[\s\S]*JSON schema/);
    expect(asked[0]!.user).toContain('return a + b');
    expect(producer.local).toBe(false);
  });

  it.each(['auth', 'refused', 'unavailable'] as const)('report %s in one line', async (kind) => {
    const producer = producerFor(
      { provider: 'editor' },
      { askEditor: async () => ({ ok: false, kind, message: 'x' }) },
    );
    const error = await failureOf(producer.produce(requestFor(), never));
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain('\n');
  });

  it('that the user was not asked about do not stop the request that may ask', async () => {
    const results: EditorModelResult[] = [{ ok: false, kind: 'notAsked', message: 'x' }, answer];
    const blocked: ModelError[] = [];
    const producer = producerFor(
      { provider: 'editor', automatic: true },
      { askEditor: async () => results.shift() ?? answer, onBlocked: (error) => blocked.push(error) },
    );
    const unasked = await failureOf(producer.produce(requestFor({ key: 'k1', priority: 'lens' }), never));
    expect(unasked.message).toContain('click Summarize');
    expect((await producer.produce(requestFor({ key: 'k2' }), never)).kind).toBe('json');
    expect(blocked).toEqual([]);
  });

  it('are not there without an editor', async () => {
    const error = await failureOf(producerFor({ provider: 'editor' }).produce(requestFor(), never));
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('CodeGloss: Select Model') });
  });
});
