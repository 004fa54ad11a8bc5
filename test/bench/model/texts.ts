/** `npm run bench:model -- texts [count]`: the product's texts against the training side's, and BLEU-4 on Python methods of the data pack. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { EmbeddedModel } from '../../../server/src/model/embedded/embeddedModel.ts';
import type { PromptInput } from '../../../server/src/model/embedded/tasks.ts';
import { outlineProducer } from '../../../server/src/model/outline/outline.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { randomFrom } from '../legacy/metrics.ts';
import { openProduceRequest } from './request.ts';
import { readPairs, trainingFolder } from './search.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const predictions = path.join(root, 'training/results/predictions.jsonl.gz');
const summaries = fileURLToPath(new URL('../../../../shared/data/summarization/mcsn.jsonl.zst', import.meta.url));
const signal = new AbortController().signal;
/** The form that both sides choose where training leaves the choice to the model. */
const thirdPerson = 12;

interface Prediction {
  /** `float32` (trained weights on a GPU) or `int8` (the shipped file). */
  readonly engine: string;
  readonly split: string;
  readonly number: number;
  readonly mode: string;
  readonly policy: string;
  readonly text: string;
  readonly form: number;
}

/** Greedy texts without context: same weights, another runtime, prompts read in pieces. */
export async function compareTexts(model: EmbeddedModel, count: number): Promise<void> {
  if (!existsSync(trainingFolder) || !existsSync(predictions)) {
    console.log(`skipped: the training data is not at ${trainingFolder}, or ${predictions} is missing`);
    return;
  }
  const pairs = readPairs<{ readonly lang: LanguageId; readonly code: string }>('test');
  const rows = gunzipSync(readFileSync(predictions))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Prediction)
    .filter(
      ({ engine, split, mode, policy, form }) =>
        engine === 'int8' && split === 'test' && mode === 'none' && policy === 'free' && form === thirdPerson,
    )
    .slice(0, count);
  let equal = 0;
  for (const { number, text } of rows) {
    const pair = pairs[number];
    if (pair === undefined) continue;
    const { text: ours } = await model.ask({ kind: 'summarize', prompt: bare(pair.lang, pair.code) }, 'file', signal);
    if (ours === text) equal += 1;
    else console.log(`differs: "${ours}" / "${text}"`);
  }
  console.log(`${equal} of ${rows.length} greedy texts equal to training/results`);
}

export function bare(language: LanguageId, code: string): PromptInput {
  const trimmed = code.replace(/^\n+|\n+$/g, '');
  return { language, path: '', owner: '', calls: [], callees: [], examples: [], code: trimmed };
}

/** Function level, no context: the model ungated, and the outline's line. */
export async function bleuTable(model: EmbeddedModel, count: number): Promise<void> {
  if (!existsSync(summaries)) {
    console.log(`skipped: the data pack is not at ${summaries}`);
    return;
  }
  const next = randomFrom(7);
  const rows = zstdDecompressSync(readFileSync(summaries))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => ({ row: JSON.parse(line) as { method_code: string; method_summary: string }, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count);
  const outline = outlineProducer();
  let [ofModel, ofOutline] = [0, 0];
  for (const { row } of rows) {
    const sentence = await model.ask(
      { kind: 'summarize', prompt: bare('python', dedent(row.method_code)) },
      'file',
      signal,
    );
    ofModel += bleu(row.method_summary, sentence.text) / rows.length;
    const plain = await openProduceRequest('python', dedent(row.method_code), (request) =>
      outline.produce(request, signal),
    );
    if (plain?.kind === 'text')
      ofOutline += bleu(row.method_summary, plain.summary.line.replaceAll('`', '')) / rows.length;
  }
  console.log(
    `BLEU-4 (CodeXGLUE) on ${rows.length} Python methods: model ${ofModel.toFixed(2)}, outline ${ofOutline.toFixed(2)}`,
  );
}

function dedent(code: string): string {
  const indents = code
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.search(/\S/));
  const extra = Math.max(0, Math.min(...indents) - 4);
  return Number.isFinite(extra) ? code.replace(new RegExp(`^ {${extra}}`, 'gm'), '') : code;
}

/** Smoothed sentence BLEU-4 of CodeXGLUE (training/metrics.py holds the full normalization; these texts are plain words). */
export function bleu(reference: string, text: string): number {
  const [ref, hyp] = [wordsOf(reference), wordsOf(text)];
  let total = 0;
  for (let size = 1; size <= 4; size += 1) {
    const known = gramsOf(ref, size);
    let correct = 0;
    for (const [gram, times] of gramsOf(hyp, size)) correct += Math.min(times, known.get(gram) ?? 0);
    const add = size > 1 ? 1 : 0;
    total +=
      Math.log(correct + add + Number.MIN_VALUE) -
      Math.log(Math.max(hyp.length - size + 1, 0) + add + Number.MIN_VALUE);
  }
  return 100 * Math.exp(total / 4 + Math.min(0, 1 - (ref.length + 1) / (hyp.length + 1)));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function gramsOf(tokens: readonly string[], size: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + size <= tokens.length; at += 1) {
    const gram = tokens.slice(at, at + size).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
