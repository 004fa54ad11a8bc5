import { memoryLedger } from '../../../server/src/model/budget.ts';
import { type Clock, systemClock } from '../../../server/src/model/clock.ts';
import type { ProducerPorts } from '../../../server/src/model/producers.ts';
import type { Settings } from '../../../server/src/settings.ts';
import { settingsSchema } from '../../../server/src/settings.ts';
import type { ProduceRequest } from '../../../server/src/types/produce.ts';
import type { ContentHash, ContextPiece } from '../../../server/src/types/summary.ts';

/** The schema of summaries as the summary layer asks for it: closed objects throughout. */
export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['line', 'paragraph', 'claims'],
  properties: {
    line: { type: 'string' },
    paragraph: { type: 'string' },
    claims: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['text', 'startLine', 'endLine'],
        properties: { text: { type: 'string' }, startLine: { type: 'integer' }, endLine: { type: 'integer' } },
      },
    },
  },
} as const;

const at = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };

/** A request about a small function; override what the test is about. */
export function requestFor(override: Partial<ProduceRequest> = {}): ProduceRequest {
  return {
    key: 'key-1',
    subject: {
      uri: 'file:///w/src/add.ts',
      path: 'src/add.ts',
      language: 'typescript',
      symbol: { name: 'add', kind: 'function', index: 0 },
      range: at,
    },
    source: 'function add(a, b) {\n  return a + b;\n}\n',
    pieces: [],
    parts: [],
    prompt: [
      { role: 'system', text: 'You summarize code.' },
      { role: 'repository', text: 'The repository is about sums.' },
      { role: 'file', text: 'The file holds add.' },
      { role: 'subject', text: 'function add(a, b) {\n  return a + b;\n}' },
    ],
    style: { language: '', length: 'medium', instructions: '' },
    schema,
    maxOutputTokens: 400,
    priority: 'hover',
    ...override,
  };
}

export function pieceOf(path: string, text: string): ContextPiece {
  return { role: 'callee', path, range: at, text, form: 'body', tokens: 10, score: 1, hash: 'h' as ContentHash };
}

/** Settings from a partial document, as the editor would send it. */
export function settingsOf(input: unknown): Settings {
  return settingsSchema.parse(input);
}

/** Ports that let everything pass; override what the test is about. */
export function portsWith(override: Partial<ProducerPorts> = {}): ProducerPorts {
  return {
    clock: systemClock,
    random: () => 0,
    ledger: memoryLedger(),
    apiKey: async () => 'sk-test',
    isChosen: () => true,
    isTrusted: () => true,
    isIgnored: () => false,
    onBlocked: () => {},
    ...override,
  };
}

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  /** Moves time, firing timers in order, and lets promises settle between them. */
  advance(ms: number): Promise<void>;
}

export function handClock(start = 1_800_000_000_000): HandClock {
  let now = start;
  let order = 0;
  const timers = new Map<number, { readonly at: number; readonly action: () => void }>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after: (ms, action) => {
      order += 1;
      const id = order;
      timers.set(id, { at: now + Math.max(0, ms), action });
      return () => timers.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...timers.entries()]
          .filter(([, timer]) => timer.at <= end)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].action();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
