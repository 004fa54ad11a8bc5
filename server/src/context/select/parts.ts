import { textTerms } from '../../repository/identifiers.ts';
import type { Candidate } from './task.ts';

/** A line of a piece, or a sentence of one. */
export interface Part {
  readonly text: string;
  readonly line: number;
  /** With the blank or line end after it. */
  readonly tokens: number;
  /** Distinct search terms. */
  readonly terms: readonly string[];
}

/** A piece taken apart, so that as much of it is shown as says something new. */
export interface Parts {
  readonly all: readonly Part[];
  /** Indexes of parts without which the others say nothing: shown with any of them. */
  readonly needed: readonly number[];
}

const leftOut = '…';
const charactersPerToken = 3.2;

/** Prose by sentences, all else by lines. */
export function partsOf({ text, form, keep }: Candidate): Parts {
  const all = text.split('\n').flatMap((written, line): readonly Part[] => {
    const texts = form === 'summary' ? written.split(/(?<=[.!?])\s+(?=\S)/) : [written];
    return texts.map((part) => ({
      text: part,
      line,
      tokens: (part.length + 1) / charactersPerToken,
      terms: [...new Set(textTerms(part))],
    }));
  });
  const needed = keep === undefined ? [0] : keep.map((kept) => all.findIndex((part) => part.text === kept));
  return { all, needed: needed.filter((index) => index >= 0) };
}

/** The chosen parts of a piece in their order; in code a mark stands where lines are left out. */
export function textOf({ all }: Parts, chosen: ReadonlySet<number>, form: Candidate['form']): string {
  const isProse = form === 'summary';
  let text = '';
  let last = -1;
  for (const [index, part] of all.entries()) {
    if (!chosen.has(index)) continue;
    const isGap = !isProse && index > last + 1;
    const isSameLine = last >= 0 && all[last]?.line === part.line;
    text += `${last < 0 ? '' : isSameLine ? ' ' : '\n'}${isGap ? `${leftOut}\n` : ''}${part.text}`;
    last = index;
  }
  return !isProse && last < all.length - 1 ? `${text}\n${leftOut}` : text;
}
