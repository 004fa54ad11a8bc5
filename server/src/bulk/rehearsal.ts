import { LRUCache } from 'lru-cache';
import type { SubjectId, SummaryStore } from '../store/store.ts';
import type { CacheRule, Produced, ProduceRequest, Producer, PromptBlock, SummaryStyle } from '../types/produce.ts';
import { noUsage, type ProducerIdentity, type StoredSummary, type SummaryKey } from '../types/summary.ts';
import { estimateTokens } from '../types/tokens.ts';

/** Subjects that a rehearsal remembers; of what is forgotten the callers' prompts lack one line. */
const mostRemembered = 200_000;

/** A store that reads through to the real one and keeps what is written to itself: the real one never hears of a rehearsal. */
export function overlay(base: SummaryStore): SummaryStore {
  const summaries = new LRUCache<SummaryKey, StoredSummary>({ max: mostRemembered });
  const latest = new LRUCache<SubjectId, SummaryKey>({ max: mostRemembered });
  const { fetch } = base;
  return {
    get: (key) => summaries.get(key) ?? base.get(key),
    latest(subject) {
      const key = latest.get(subject);
      return (key === undefined ? undefined : (summaries.get(key) ?? base.get(key))) ?? base.latest(subject);
    },
    put(subject, summary) {
      summaries.set(summary.key, summary);
      latest.set(subject, summary.key);
    },
    ...(fetch === undefined ? {} : { fetch }),
    clear: () => summaries.clear(),
    close: () => summaries.clear(),
  };
}

/** What a rehearsal found out about the requests of a run; tokens are estimates from characters. */
export interface Rehearsed {
  readonly requests: number;
  readonly input: number;
  /** The part of the input that the provider is expected to read from its cache. */
  readonly cached: number;
  /** The part that it is expected to write into it. */
  readonly written: number;
  readonly output: number;
  /** A few requests from all over the run, for counting them exactly. */
  readonly samples: readonly ProduceRequest[];
}

/**
 * A producer that asks nobody: it takes down what it would have sent, and answers with as many words as the prompt asks for, so that what is
 * built upon its answers has the right size, too.
 */
export function rehearsingProducer(
  identity: ProducerIdentity,
  {
    local,
    cache,
    style,
    promptCache,
    blockOfText,
  }: {
    readonly local: boolean;
    readonly cache: CacheRule;
    readonly style: SummaryStyle;
    /** As the real producer has it, because it shapes the prompts. */
    readonly promptCache?: Producer['promptCache'];
    /** As the real producer has it: what may not be sent is not counted, and not part of keys. */
    readonly blockOfText?: Producer['blockOfText'];
  },
): { readonly producer: Producer; rehearsed(): Rehearsed } {
  const expected = expectedAnswer(style);
  const count = { requests: 0, input: 0, cached: 0, written: 0, output: 0 };
  const prefixes = new PrefixModel(cache);
  const samples = new Samples();
  return {
    producer: {
      identity,
      local,
      promptCache,
      ...(blockOfText === undefined ? {} : { blockOfText }),
      async produce(request): Promise<Produced> {
        count.requests++;
        const { whole, read, written } = prefixes.see(request);
        count.input += whole;
        count.cached += read;
        count.written += written;
        const ids = placeholderIds(request.prompt);
        count.output += expectedTokens(style) + ids.length * commentTokens;
        samples.see(request);
        return { kind: 'json', text: withComments(expected, ids), producer: identity, usage: noUsage };
      },
    },
    rehearsed: () => ({ ...count, samples: samples.taken }),
  };
}

/** Middle of what the prompt asks for: see `lengths` in `summary/prompt.ts`. */
const expectedSizes: Readonly<Record<SummaryStyle['length'], { readonly words: number; readonly claims: number }>> = {
  short: { words: 30, claims: 2 },
  medium: { words: 65, claims: 3.5 },
  long: { words: 135, claims: 6 },
};

/** Tokens of a word of English prose, and of the JSON around an answer and around each claim. */
const wordTokens = 1.35;
const frameTokens = 12;
const claimTokens = 14;
const wordsOfSentence = 12;

/** Tokens of an answer; prose is counted by words, since the ratio of characters to tokens is that of code. */
function expectedTokens({ length }: SummaryStyle): number {
  const { words, claims } = expectedSizes[length];
  return Math.round((words + wordsOfSentence * (1 + claims)) * wordTokens + frameTokens + claimTokens * claims);
}

/** Of a comment by id: two sentences and the JSON around them. */
const commentTokens = Math.round(2 * wordsOfSentence * wordTokens + claimTokens);

/** The placeholders of a partition: see `numbered` in `summary/prompt.ts`. */
function placeholderIds(prompt: readonly PromptBlock[]): readonly string[] {
  return prompt.flatMap(({ text }) => [...text.matchAll(/^ *\| <comment (\w+)>$/gm)].map(([, id = '']) => id));
}

function withComments(answer: string, ids: readonly string[]): string {
  if (ids.length === 0) return answer;
  const text = `${Array.from({ length: 2 * wordsOfSentence }, () => 'reads').join(' ')}.`;
  return JSON.stringify({ ...(JSON.parse(answer) as object), comments: ids.map((id) => ({ id, text })) });
}

/** An answer of the expected size that names nothing. */
function expectedAnswer({ length }: SummaryStyle): string {
  const { words, claims } = expectedSizes[length];
  const text = (count: number): string => `${Array.from({ length: count }, () => 'reads').join(' ')}.`;
  const claim = { text: text(wordsOfSentence), startLine: 1, endLine: 1 };
  return JSON.stringify({
    line: text(12),
    paragraph: text(words),
    claims: Array.from({ length: Math.round(claims) }, () => claim),
  });
}

const mostPrefixes = 20_000;
/** Servers that cache by themselves do so in steps of this many tokens. */
const prefixStep = 128;

/** What a provider's cache would serve, request after request. Time plays no part: requests that share a beginning follow each other. */
class PrefixModel {
  readonly #rule: CacheRule;
  readonly #known = new LRUCache<string, true>({ max: mostPrefixes });

  constructor(rule: CacheRule) {
    this.#rule = rule;
  }

  see({ prompt, schema }: Pick<ProduceRequest, 'prompt' | 'schema'>): {
    readonly whole: number;
    readonly read: number;
    readonly written: number;
  } {
    const whole = prompt.reduce((sum, block) => sum + estimateTokens(block.text), 0);
    if (this.#rule.kind === 'none') return { whole, read: 0, written: 0 };
    const ends = this.#rule.kind === 'breakpoints' ? breakpoints(prompt, JSON.stringify(schema)) : steps(prompt);
    let read = 0;
    let last = 0;
    for (const { text, tokens } of ends) {
      if (tokens < this.#rule.leastTokens) continue;
      last = tokens;
      if (this.#known.get(text) === true) read = tokens;
      else this.#known.set(text, true);
    }
    return { whole, read, written: this.#rule.kind === 'breakpoints' ? last - read : 0 };
  }
}

interface Beginning {
  readonly text: string;
  readonly tokens: number;
}

/** After the last block of each role that is shared: where `model/anthropic.ts` asks for caching. Another answer format is another cache. */
function breakpoints(prompt: readonly PromptBlock[], format: string): readonly Beginning[] {
  const found: Beginning[] = [];
  let text = format;
  let tokens = 0;
  for (const role of ['system', 'repository', 'file'] as const) {
    const blocks = prompt.filter((block) => block.role === role && block.text !== '');
    if (blocks.length === 0) continue;
    for (const block of blocks) {
      text += `\0${block.text}`;
      tokens += estimateTokens(block.text);
    }
    found.push({ text, tokens });
  }
  return found;
}

function steps(prompt: readonly PromptBlock[]): readonly Beginning[] {
  const text = prompt.map((block) => block.text).join('\n\n');
  const characters = Math.floor((text.length * prefixStep) / estimateTokens(text));
  const count = Math.floor(text.length / Math.max(1, characters));
  return Array.from({ length: count }, (_, index) => ({
    text: text.slice(0, (index + 1) * characters),
    tokens: (index + 1) * prefixStep,
  }));
}

const mostSamples = 6;

/** Requests spread over the whole run, however long it is: of all seen, every n-th, where n doubles whenever the room is full. */
class Samples {
  #taken: ProduceRequest[] = [];
  #every = 1;
  #seen = 0;

  get taken(): readonly ProduceRequest[] {
    return this.#taken;
  }

  see(request: ProduceRequest): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#taken.push(request);
    if (this.#taken.length <= 2 * mostSamples) return;
    this.#taken = this.#taken.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }
}
