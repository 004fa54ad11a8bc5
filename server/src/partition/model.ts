import { canonicalJson } from '../types/canonicalJson.ts';
import { contentHash } from '../types/contentHash.ts';
import { splitLines } from '../types/lines.ts';
import type { BoundaryCache, BoundaryChooser } from './boundaryChooser.ts';
import { judgeAnswer } from './modelAnswer.ts';
import { boundaryInstructions, boundarySchema, boundaryTask, numberedLines, promptVersion } from './modelPrompt.ts';
import { repairCuts } from './repair.ts';
import type { ChosenCut, PartitionInput, PartitionOptions, PartitionStrategy } from './strategy.ts';
import { structureStrategy } from './structure.ts';

/** Asked so often for one window; then the last readable answer is repaired. */
const maxTries = 3;
/** A file costs at most this many windows; what lies beyond is cut by structure. */
const maxWindows = 40;
const outputTokensPerCut = 60;
const mostOutputTokens = 8_000;

/**
 * A language model chooses among the legal cuts. It sees ids, marks and the limit, works through long files in windows that begin at its last
 * boundary, is told what was wrong, and its last word is repaired. The same file asks nothing the second time.
 */
export function modelStrategy(chooser: BoundaryChooser, cache: BoundaryCache): PartitionStrategy {
  return {
    name: 'model',
    async choose(input, options) {
      options.signal.throwIfAborted();
      if (input.cuts.length === 0) return [];
      const key = keyOf(chooser, input, options);
      const kept = readCuts(cache.get(key));
      if (kept !== undefined) return kept;
      const cuts = repairCuts(input, await askWindows(chooser, key, input, options), options.maxTokens);
      cache.set(key, JSON.stringify(cuts));
      return cuts;
    },
  };
}

function keyOf(chooser: BoundaryChooser, { document }: PartitionInput, { maxTokens }: PartitionOptions): string {
  return contentHash(
    canonicalJson({
      version: promptVersion,
      chooser: chooser.identity,
      window: chooser.windowTokens,
      language: document.language,
      text: contentHash(document.text),
      maxTokens,
    }),
  );
}

async function askWindows(
  chooser: BoundaryChooser,
  key: string,
  input: PartitionInput,
  options: PartitionOptions,
): Promise<readonly ChosenCut[]> {
  const texts = splitLines(input.document.text).map(({ text }) => text);
  const chosen: ChosenCut[] = [];
  let start = 0;
  for (let window = 0; start < input.lines.count; window += 1) {
    if (window === maxWindows) return [...chosen, ...(await structureFrom(start, input, options))];
    const end = windowEnd(input, start, chooser.windowTokens);
    const cuts = await askWindow(chooser, `${key}:${start}`, { input, options, texts, start, end });
    chosen.push(...cuts);
    if (end >= input.lines.count) break;
    // The last part may go on beyond the window: the next one begins with it. Without a cut, the window's end is one.
    const last = cuts.at(-1)?.line;
    if (last === undefined) chosen.push({ line: end, reason: 'the window of the model ends here' });
    start = last ?? end;
  }
  return chosen;
}

/** The last legal cut up to which the lines fit; where the first one is already too far, that one. */
function windowEnd({ cuts, lines }: PartitionInput, start: number, windowTokens: number): number {
  if (lines.tokens(start, lines.count) <= windowTokens) return lines.count;
  const later = cuts.filter(({ line }) => line > start).map(({ line }) => line);
  return later.findLast((line) => lines.tokens(start, line) <= windowTokens) ?? later[0] ?? lines.count;
}

interface Window {
  readonly input: PartitionInput;
  readonly options: PartitionOptions;
  readonly texts: readonly string[];
  readonly start: number;
  readonly end: number;
}

async function askWindow(chooser: BoundaryChooser, key: string, window: Window): Promise<readonly ChosenCut[]> {
  const { input, options, texts, start, end } = window;
  const { maxTokens, signal } = options;
  const inside = input.cuts.filter(({ line }) => line > start && line < end);
  if (inside.length === 0) return [];
  const { language } = input.document;
  const shown = numberedLines(texts, inside, { startLine: start, endLine: end, language });
  const legal = new Set(inside.map(({ line }) => line));
  let readable: readonly ChosenCut[] | undefined;
  let complaint: { readonly answer: string; readonly problem: string } | undefined;
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    signal.throwIfAborted();
    const answer = await chooser.choose(
      {
        key: `${key}:${attempt}`,
        language,
        source: texts.slice(start, end).join('\n'),
        startLine: start,
        endLine: end,
        instructions: boundaryInstructions,
        task: boundaryTask(shown, { maxTokens, isContinued: start > 0, complaint }),
        schema: boundarySchema,
        maxOutputTokens: Math.min(mostOutputTokens, 400 + outputTokensPerCut * inside.length),
      },
      signal,
    );
    const judged = judgeAnswer(answer, { startLine: start, endLine: end, legal, lines: input.lines, maxTokens });
    readable = judged.cuts ?? readable;
    if (judged.problem === undefined) break;
    complaint = { answer: answer.slice(0, 8_000), problem: judged.problem };
  }
  return readable ?? (await structureFrom(start, input, options)).filter(({ line }) => line < end);
}

async function structureFrom(
  start: number,
  input: PartitionInput,
  options: PartitionOptions,
): Promise<readonly ChosenCut[]> {
  return (await structureStrategy.choose(input, options)).filter(({ line }) => line > start);
}

/** What the cache holds, if it is what we put there. */
function readCuts(text: string | undefined): readonly ChosenCut[] | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isCut) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCut(value: unknown): value is ChosenCut {
  const cut = value as Partial<Record<keyof ChosenCut, unknown>> | null;
  return (
    typeof cut?.line === 'number' &&
    typeof cut.reason === 'string' &&
    (cut.title === undefined || typeof cut.title === 'string')
  );
}
