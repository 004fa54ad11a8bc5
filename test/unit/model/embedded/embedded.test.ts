import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/src/model/clock.ts';
import { modelDescription } from '../../../../server/src/model/embedded/description.ts';
import { embeddedProducer } from '../../../../server/src/model/embedded/embedded.ts';
import type { EmbeddedModel } from '../../../../server/src/model/embedded/embeddedModel.ts';
import { embeddedPort } from '../../../../server/src/model/embedded/embeddedPort.ts';
import { dedented, promptOf } from '../../../../server/src/model/embedded/promptOf.ts';
import { distrust, speaks } from '../../../../server/src/model/embedded/trust.ts';
import type { ProduceRequest } from '../../../../server/src/types/produce.ts';
import type { ContentHash } from '../../../../server/src/types/summary.ts';
import { requestFor } from '../requests.ts';
import { closeSocket, openModel, root } from './realModel.ts';

const never = new AbortController().signal;
const description = modelDescription.parse(JSON.parse(readFileSync(path.join(root, 'models/model.json'), 'utf8')));
/** The shipped description with every modern language wide open, so that tests say what is refused and why. */
const open = {
  ...description,
  calibration: Object.fromEntries(
    Object.keys(description.calibration).map((name) => [name, { threshold: ['mumps', 'asm'].includes(name) ? 1 : 0 }]),
  ),
};
const at = { start: { line: 0, character: 0 }, end: { line: 6, character: 0 } };

const request = (override: Partial<ProduceRequest> = {}): ProduceRequest =>
  requestFor({
    source: closeSocket.code,
    subject: {
      uri: 'file:///w/net/pool.py',
      path: 'net/pool.py',
      language: 'python',
      symbol: { name: 'close_idle', kind: 'method', index: 1 },
      range: at,
    },
    symbol: { name: 'close_idle', kind: 'method', range: at, selectionRange: at },
    ...override,
  });

describe('the embedded producer', { timeout: 300_000 }, () => {
  const said: string[] = [];
  const model = openModel();
  let asked = 0;
  const counted: EmbeddedModel = {
    ...model,
    ask: (...question) => {
      asked += 1;
      return model.ask(...question);
    },
  };
  beforeEach(() => {
    asked = 0;
  });
  const producer = embeddedProducer({
    model: counted,
    description: open,
    name: 'codegloss-test',
    onUnusable: (error) => said.push(error.message),
  });

  it('is local, and names who spoke: itself, or the outline where it is not sure', async () => {
    const produced = await producer.produce(request(), never);
    expect(producer.local).toBe(true);
    expect(produced).toMatchObject({ kind: 'text', summary: { claims: [] }, usage: { cost: 0 } });
    if (produced.kind !== 'text') throw new Error('a local producer gives text');
    expect(produced.producer).toEqual(
      produced.origin === 'model'
        ? { provider: 'embedded', model: 'codegloss-test' }
        : expect.objectContaining({ provider: 'outline' }),
    );
    expect(asked).toBe(1);
  });

  it('quotes the author, whatever the model would say', async () => {
    const documented = {
      name: 'close_idle',
      kind: 'method',
      range: at,
      selectionRange: at,
      doc: 'Closes old ones.',
    } as const;
    const produced = await producer.produce(request({ symbol: documented }), never);
    expect(produced).toMatchObject({ origin: 'author', summary: { line: 'Closes old ones.' } });
    expect(asked).toBe(0);
  });

  it.each(['mumps', 'hlasm', 'asm'] as const)('leaves %s to the outline', async (language) => {
    const produced = await producer.produce(request({ subject: { ...request().subject, language } }), never);
    expect(produced).toMatchObject({ origin: 'outline' });
    expect(asked).toBe(0);
  });

  it('leaves languages other than English, files and variables to the outline', async () => {
    const german = await producer.produce(
      request({ style: { language: 'German', length: 'short', instructions: '' } }),
      never,
    );
    const { symbol: _, ...file } = request();
    const whole = await producer.produce(file, never);
    for (const produced of [german, whole]) expect(produced).toMatchObject({ origin: 'outline' });
    expect(asked).toBe(0);
  });

  it('passes a cancellation on', async () => {
    const controller = new AbortController();
    const asked = producer.produce(request(), controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
    expect(said).toEqual([]);
    model.dispose();
  });
});

describe('without a usable model', () => {
  it('the outline speaks, and it is said once', async () => {
    const said: string[] = [];
    const port = embeddedPort({
      assets: { bundled: false, root: path.join(root, 'test') },
      clock: systemClock,
      onProblem: (message) => said.push(message),
    });
    expect(port.producer()).toBeUndefined();
    expect(port.producer()).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(/^The built-in model cannot be used \(a file of it is missing\)/)]);
    port.dispose();
  });

  it('a model that breaks is asked no more, and every answer is the outline', async () => {
    const said: string[] = [];
    const model = openModel({ models: path.join(root, 'test') });
    const producer = embeddedProducer({
      model,
      description: open,
      name: 'x',
      onUnusable: (error) => said.push(error.message),
    });
    for (let time = 0; time < 5; time += 1)
      expect(await producer.produce(request(), never)).toMatchObject({ origin: 'outline' });
    expect(said).toHaveLength(1);
    model.dispose();
  });
});

describe('a sentence is not shown', () => {
  const judge = (text: string, confidence = 0.9, name = 'close_idle') =>
    distrust(
      { text, logProbability: 8 * Math.log(confidence), fit: 0.8, inputTokens: 1, cachedTokens: 0, outputTokens: 7 },
      { ...closeSocket, examples: [{ head: 'def open(self)', sentence: 'Opens a new connection.' }] },
      { name, description: open },
    );

  it.each([
    ['when the model was not sure', 'Closes idle connections.', 0.3, 'unsure'],
    ['when it names what was not shown', 'Closes connections of a `SocketFactory`.', 0.9, 'unknownName'],
    ['when it names an abbreviation that was not shown', 'Closes idle TCP connections.', 0.9, 'unknownName'],
    ['when it names a number that was not shown', 'Closes connections idle for 30 seconds.', 0.9, 'unknownName'],
    ["when it is a neighbour's", 'Opens a new connection.', 0.9, 'copied'],
    ['when it says the opposite of the name', 'Opens the idle connections.', 0.9, 'contrary'],
    ['when a word is said twice', 'Closes the the idle connections.', 0.9, 'broken'],
    ['when it goes in a circle', 'Converts the idle connection to the idle connection.', 0.9, 'broken'],
    ['when it explains a name by itself', 'The close_idle of close_idle.', 0.9, 'broken'],
    ['when it is hardly a sentence', 'Idle.', 0.9, 'broken'],
  ] as const)('%s', (_, text, confidence, reason) => {
    expect(judge(text, confidence)).toBe(reason);
  });

  it.each([
    [0.73, -1, 3, 'Closes idle connections.', undefined],
    [0.69, -1, 3, 'Closes idle connections.', 'unsure'],
    [0.73, -3, 3, 'Closes idle connections.', 'unsure'],
    [0.73, -1, 11, 'Closes idle connections.', 'unsure'],
    [0.73, -1, 3, 'Closes resting sockets.', 'unsure'],
  ] as const)(
    'of a fit of %d, a log probability of %d, %d tokens and the words of "%s", where readers asked for trust of 0.75: %s',
    (fit, logProbability, outputTokens, text, reason) => {
      const description = { ...open, calibration: { python: { threshold: 0, trust: 0.75 } } };
      const sentence = { text, logProbability, fit, inputTokens: 1, cachedTokens: 0, outputTokens };
      expect(distrust(sentence, closeSocket, { name: 'Pool.close_idle', description })).toBe(reason);
    },
  );

  it('otherwise it is', () => {
    expect(judge('Closes connections that were not used for the given seconds.')).toBeUndefined();
  });

  it('in languages that were not calibrated', () => {
    expect(speaks('lua', description)).toBe(false);
    expect(speaks('mumps', description)).toBe(false);
    expect(speaks('asm', description)).toBe(false);
    expect(speaks('typescriptreact', open)).toBe(true);
  });
});

describe('the prompt of a request', () => {
  const piece = { path: 'net/pool.py', range: at, tokens: 9, score: 1, hash: 'h' as ContentHash };

  it('shows class, calls, callees and examples as training does', () => {
    const input = promptOf(
      request({
        pieces: [
          { ...piece, role: 'class', form: 'skeleton', text: 'class Pool:\n  def acquire(self)', symbol: 'Pool' },
          {
            ...piece,
            role: 'callee',
            form: 'summary',
            text: 'def close(self)\nCloses the socket. Twice is harmless.',
            symbol: 'Socket.close',
          },
          { ...piece, role: 'callee', form: 'signature', text: 'def time()', symbol: 'time' },
          {
            ...piece,
            role: 'example',
            form: 'summary',
            text: 'def drop(self)\nDrops all connections.',
            symbol: 'Pool.drop',
          },
          {
            ...piece,
            role: 'example',
            form: 'body',
            text: 'Counts connections.\n\nAll of them.\ndef count(self):\n    return len(self.all)',
            symbol: 'Pool.count#2',
          },
        ],
        facts: {
          parameters: ['self', 'seconds'],
          returnsValue: false,
          raises: [],
          bases: [],
          calls: ['time', 'close', 'close', 'close_idle'].map((name) => ({ name, range: at, kind: 'call' as const })),
        },
      }),
    );
    expect(input).toMatchObject({
      owner: 'class Pool:\n def acquire(self)',
      calls: ['time', 'close'],
      callees: [{ name: 'close', sentence: 'Closes the socket.' }],
      examples: [
        { head: 'def drop(self)', sentence: 'Drops all connections.' },
        { head: 'def count(self):', sentence: 'Counts connections.' },
      ],
    });
  });

  it.each([
    [
      'by the closing bracket',
      'get size(): number {\n    return this.n;\n  }',
      'get size(): number {\n  return this.n;\n}',
    ],
    ['by the body where nothing closes', 'def a(self):\n        return 1', 'def a(self):\n    return 1'],
    ['by its own first line', '  int a() {\r\n    return 1;\r\n  }\n', 'int a() {\n  return 1;\n}'],
    ['not at all at the top level', 'def a():\n    if b:\n        return 1', 'def a():\n    if b:\n        return 1'],
  ])('has code without the indentation of its place, %s', (_, source, expected) => {
    expect(dedented(source)).toBe(expected);
  });
});
