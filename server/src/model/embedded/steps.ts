import type { LanguageId } from '../../types/outline.ts';
import type { ModelDescription } from './description.ts';
import type { Cache, Graph, Pass } from './graph.ts';
import { languageToken, type PromptTokens, promptTokens, queryTokens, special } from './promptTokens.ts';
import type { ModelTask, PromptInput, Sentence, TaskResults } from './tasks.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Steps } from './turns.ts';

/** Tokens read in one step. 32 take about 45 ms on two idle cores; fewer cost more in all, more make a hover wait. */
const pieceTokens = 32;
/** Beginnings kept, each below 100 tokens and about a megabyte: of the classes and files that are worked on now. */
const keptBeginnings = 6;
/** A scored text is read in windows of so many tokens (the length of pieces in training), this many of them repeated as context. */
const scoreWindow = 960;
const scoreContext = 240;

type Wanted = Parameters<Graph['read']>[2];
const onlyCache: Wanted = { rows: 0, embed: false };
const onlyVector: Wanted = { rows: 0, embed: true };

export interface LoadedModel {
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly graph: Graph;
}

/** Turns tasks into steps. */
export class ModelSteps {
  readonly #model: LoadedModel;
  readonly #beginnings = new Map<string, Cache>();

  constructor(model: LoadedModel) {
    this.#model = model;
  }

  of(task: ModelTask): Steps<TaskResults[ModelTask['kind']]> {
    switch (task.kind) {
      case 'summarize':
        return this.#summarize(task.prompt);
      case 'embedCode':
        return this.#embedCode(task.prompt);
      case 'embedQuery':
        return this.#embedQuery(task.language, task.text);
      case 'score':
        return this.#score(task.language, task.context, task.target);
    }
  }

  async *#summarize(input: PromptInput): Steps<Sentence> {
    const { description, tokenizer, graph } = this.#model;
    const prompt = promptTokens(input, tokenizer, description);
    const { cached, pass } = yield* this.#readPrompt(prompt, { rows: 1, embed: true });
    const forms = description.specials;
    const next = (token: number, cache: Cache): Promise<Pass> => graph.read([token], cache, { rows: 1, embed: false });
    let { cache } = pass;
    let token = formOf(pass.logits, forms);
    const end = special('end', forms);
    const firstText = Math.max(...Object.values(forms)) + 1;
    const tokens: number[] = [];
    let logProbability = 0;
    let steps = 0;
    while (steps <= description.maxNewTokens) {
      yield undefined;
      const step = await next(token, cache);
      cache = step.cache;
      const chosen = greedy(step.logits, firstText, end);
      token = chosen.token;
      logProbability += chosen.logProbability;
      steps += 1;
      if (token === end) break;
      tokens.push(token);
    }
    const text = token === end ? tokenizer.decode(tokens).trim() : '';
    return {
      text,
      logProbability,
      fit: text === '' ? 0 : dot(pass.embedding, yield* this.#embedQuery(input.language, text)),
      inputTokens: prompt.ids.length,
      cachedTokens: cached,
      outputTokens: tokens.length,
    };
  }

  async *#embedCode(input: PromptInput): Steps<Float32Array> {
    const { description, tokenizer } = this.#model;
    const { pass } = yield* this.#readPrompt(promptTokens(input, tokenizer, description), onlyVector);
    return pass.embedding;
  }

  async *#embedQuery(language: LanguageId | undefined, text: string): Steps<Float32Array> {
    const { description, tokenizer, graph } = this.#model;
    const ids = queryTokens(language, text, tokenizer, description);
    const pass = yield* this.#readAll(ids, graph.empty, onlyVector);
    return pass.embedding;
  }

  /** Cut at the shared beginning whether or not it is known already, so that the answer never depends on what was asked before. */
  async *#readPrompt(
    { ids, shared }: PromptTokens,
    wanted: Wanted,
  ): Steps<{ readonly cached: number; readonly pass: Pass }> {
    const key = ids.slice(0, shared).join();
    const known = this.#beginnings.get(key);
    this.#beginnings.delete(key);
    const beginning = known ?? (yield* this.#readAll(ids.slice(0, shared), this.#model.graph.empty, onlyCache)).cache;
    this.#beginnings.set(key, beginning);
    const [oldest] = this.#beginnings.keys();
    if (this.#beginnings.size > keptBeginnings && oldest !== undefined) this.#beginnings.delete(oldest);
    if (known === undefined) yield undefined;
    const pass = yield* this.#readAll(ids.slice(shared), beginning, wanted);
    return { cached: known === undefined ? 0 : shared, pass };
  }

  /** The last piece's pass. `ids` must not be empty. */
  async *#readAll(ids: readonly number[], after: Cache, wanted: Wanted): Steps<Pass> {
    let cache = after;
    for (let from = 0; ; from += pieceTokens) {
      const isLast = from + pieceTokens >= ids.length;
      const piece = ids.slice(from, from + pieceTokens);
      const pass = await this.#model.graph.read(piece, cache, isLast ? wanted : onlyCache);
      if (isLast) return pass;
      cache = pass.cache;
      yield undefined;
    }
  }

  async *#score(language: LanguageId | undefined, context: string, target: string): Steps<TaskResults['score']> {
    const { description, tokenizer, graph } = this.#model;
    const start = [languageToken(language, description), special('raw', description.specials)];
    const before = tokenizer.encode(context);
    const { ids, offsets } = tokenizer.encodeWithOffsets(target);
    const all = [...before.slice(-scoreContext), ...ids];
    const first = all.length - ids.length;
    const nll = new Float32Array(ids.length);
    for (let from = 0; from < all.length; ) {
      const known = from === 0 ? 0 : scoreContext;
      const window = all.slice(from - known, from - known + scoreWindow);
      let cache = (await graph.read(start.slice(0, 1), graph.empty, onlyCache)).cache;
      let lead = start.slice(1);
      for (let at = 0; at < window.length; at += pieceTokens) {
        const piece = window.slice(at, at + pieceTokens);
        // The row before a token predicts it: each piece is fed one token late.
        const fed = [...lead, ...piece.slice(0, -1)];
        lead = piece.slice(-1);
        const pass = await graph.read(fed, cache, { rows: fed.length, embed: false });
        cache = pass.cache;
        piece.forEach((token, row) => {
          const place = from - known + at + row - first;
          if (place >= 0 && at + row >= known) nll[place] = surprise(pass.logits, row, description.config.vocab, token);
        });
        yield undefined;
      }
      from = from - known + window.length;
    }
    return { offsets: Uint32Array.from(offsets), nll };
  }
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

/** One voice: the third person, unless the sentence is no statement of what the symbol does (models/FORMAT.md, Answer). */
function formOf(logits: Float32Array, specials: ModelDescription['specials']): number {
  const [does, imperative, other] = ['does', 'do', 'is'].map((name) =>
    Math.exp(logits[special(name, specials)] ?? -Infinity),
  );
  const isOther = (other ?? 0) > (does ?? 0) + (imperative ?? 0);
  return special(isOther ? 'is' : 'does', specials);
}

/** The likeliest of the text tokens and the end, with its probability among these. */
function greedy(
  logits: Float32Array,
  firstText: number,
  end: number,
): { readonly token: number; readonly logProbability: number } {
  let token = end;
  let highest = logits[end] ?? -Infinity;
  for (let id = firstText; id < logits.length; id += 1) {
    const value = logits[id] ?? -Infinity;
    if (value > highest) [token, highest] = [id, value];
  }
  let sum = Math.exp((logits[end] ?? -Infinity) - highest);
  for (let id = firstText; id < logits.length; id += 1) sum += Math.exp((logits[id] ?? -Infinity) - highest);
  return { token, logProbability: -Math.log(sum) };
}

function surprise(logits: Float32Array, row: number, vocabulary: number, token: number): number {
  const from = row * vocabulary;
  let highest = -Infinity;
  for (let id = 0; id < vocabulary; id += 1) highest = Math.max(highest, logits[from + id] ?? -Infinity);
  let sum = 0;
  for (let id = 0; id < vocabulary; id += 1) sum += Math.exp((logits[from + id] ?? -Infinity) - highest);
  return Math.log(sum) + highest - (logits[from + token] ?? 0);
}
