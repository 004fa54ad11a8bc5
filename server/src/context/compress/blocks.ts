import type { TokenScorer } from '../../partition/tokenScorer.ts';
import { lineSurprise } from '../../partition/tokenScorer.ts';
import { estimateTokens } from '../../types/tokens.ts';
import { packed } from './knapsack.ts';
import { informationOn } from './surprise.ts';

export interface CompressPorts {
  readonly scorer: TokenScorer;
  readonly signal: AbortSignal;
}

/** How far above the mean surprise a line must lie to end a block, in standard deviations. */
const spike = 0.2;
/** A monotonous text surprises nowhere: its blocks are cut so that at least so many fit into the budget. */
const fewestBlocks = 6;
/** Of the budget, up to so much goes to what a text begins with: its signature, what its comment says, its first steps. Chosen on one half of the rows. */
const beginningShare = 0.5;
/** Blocks that say what a function is or gives back stay if anything does. */
const telling =
  /^\s*(def|class|func|function|fn|sub|public|private|protected|static|async|export|#|\/\/|\/\*|\*|;|"""|''')|\breturn\b/;
/** Stands for lines that were left out. */
const gap = '…';

/**
 * A text cut down to a budget: lines are grouped into blocks that end where the text surprises, and the blocks that lower the surprise of
 * the question most are kept after those that it begins with, in order, with a mark for each gap. A text that fits stays as it is.
 */
export async function compressText(
  text: string,
  { question, budget }: { readonly question: string; readonly budget: number },
  ports: CompressPorts,
): Promise<string> {
  if (estimateTokens(text) <= budget) return text;
  const lines = text.split('\n');
  const blocks = blocksOf(lines, await lineSurprise(ports.scorer, lines, ports.signal), budget / fewestBlocks);
  const values = await informationOn(question, blocks, ports);
  const least = Math.min(...values);
  const isKept = blocks.map((block, index) => index === 0 || telling.test(firstLine(block)));
  const cost = (block: string): number => estimateTokens(block) + 1;
  const beginning = `${text.slice(0, Math.max(0, Math.floor((budget - 1) * 3.2)))}${gap}`;
  // A first block that does not fit is cut: what a text begins with is never lost.
  if (cost(blocks[0] ?? '') > budget) return beginning;
  let left = budget;
  const kept = new Set<number>();
  for (const [index, block] of blocks.entries()) {
    if (cost(block) > left - budget * (1 - beginningShare)) break;
    kept.add(index);
    left -= cost(block);
  }
  for (const [index, block] of blocks.entries()) {
    if (kept.has(index) || isKept[index] !== true || cost(block) > left) continue;
    kept.add(index);
    left -= cost(block);
  }
  const items = blocks.map((block, index) => ({
    tokens: cost(block),
    value: kept.has(index) ? 0 : (values[index] ?? 0) - least + 1e-6,
  }));
  for (const index of packed(items, left)) kept.add(index);
  const shown = joined(blocks, kept);
  // The marks of many gaps cost tokens, too.
  return estimateTokens(shown) <= budget ? shown : beginning;
}

/** Runs of lines; a line that surprises more than both its neighbours, and clearly, ends its run, and so does a run's length. */
function blocksOf(lines: readonly string[], surprise: Float32Array, mostTokens: number): readonly string[] {
  const known = surprise.filter((each) => each > 0);
  const mean = known.reduce((sum, each) => sum + each, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, known.length);
  const threshold = mean + spike * Math.sqrt(variance);
  const blocks: string[][] = [[]];
  let tokens = 0;
  for (const [index, line] of lines.entries()) {
    blocks.at(-1)?.push(line);
    tokens += estimateTokens(line) + 1;
    const here = surprise[index] ?? 0;
    const isPeak = here >= (surprise[index - 1] ?? 0) && here >= (surprise[index + 1] ?? 0);
    const endsHere = (isPeak && here >= threshold) || tokens >= mostTokens;
    if (!endsHere || index === lines.length - 1) continue;
    blocks.push([]);
    tokens = 0;
  }
  return blocks.map((block) => block.join('\n'));
}

function joined(blocks: readonly string[], kept: ReadonlySet<number>): string {
  const shown: string[] = [];
  let isOpen = false;
  for (const [index, block] of blocks.entries()) {
    if (kept.has(index)) shown.push(block);
    else if (!isOpen) shown.push(`${/^\s*/.exec(firstLine(block))?.[0] ?? ''}${gap}`);
    isOpen = !kept.has(index);
  }
  return shown.join('\n');
}

function firstLine(block: string): string {
  return block.split('\n').find((line) => line.trim() !== '') ?? '';
}
