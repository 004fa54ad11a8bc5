import { createHash } from 'node:crypto';
import type { OwnBlock } from '../../syntax/ownBlocks.ts';
import type { LanguageId } from '../../types/outline.ts';

/*
 * The twelve digits of `codegloss:begin v1 <12 hex>` are two hashes of 24 bits: the first six digits are of the source without our block,
 * the last six of the words of the block itself. So a block says whether the code moved on (first half) and whether its text was touched
 * by anyone but us (second half). White space does not count in either, so that formatters break neither; in languages whose indentation
 * means something it counts for the source. In a block that a person edited the second half no longer fits: it is then theirs.
 */
const half = 6;

const indentationMatters: ReadonlySet<LanguageId> = new Set(['python', 'mumps', 'hlasm', 'scala']);

/** The twelve digits for a source (without the block) and the words of a block. */
export function digitsFor(language: LanguageId, source: string, words: string): string {
  return sourceDigits(language, source) + wordDigits(words);
}

/** Whether the block's words are as we wrote them. */
export function isUntouched(block: OwnBlock): boolean {
  return block.digits.slice(half) === wordDigits(block.words);
}

/** Whether the block was written for this source (without the block). */
export function fitsSource(block: OwnBlock, language: LanguageId, source: string): boolean {
  return block.digits.slice(0, half) === sourceDigits(language, source);
}

function sourceDigits(language: LanguageId, source: string): string {
  return shortHash(normalized(language, source));
}

function wordDigits(words: string): string {
  return shortHash(words.replace(/\s+/g, ''));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, half);
}

function normalized(language: LanguageId, source: string): string {
  const text = source.replace(/^\uFEFF/, '');
  if (!indentationMatters.has(language)) return text.replace(/\s+/g, '');
  return text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .map((line) => `${/^\s*/.exec(line)?.[0] ?? ''}${line.replace(/\s+/g, '')}`)
    .join('\n');
}
