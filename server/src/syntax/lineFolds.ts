import { splitLines } from '../types/lines.ts';
import type { LanguageId } from '../types/outline.ts';
import type { LineSpan } from '../types/text.ts';

/** How a line language writes what opens and closes a block that is no symbol. */
interface Brackets {
  readonly opens: RegExp;
  readonly closes: RegExp;
  readonly comment: RegExp;
}

const hlasm: Brackets = {
  opens: /^\S*\s+(?:IF|DO|SELECT|CASE|CASENTRY|STRTSRCH)(?:\s|$)/i,
  closes: /^\S*\s+(?:ENDIF|ENDDO|ENDSEL|ENDCASE|ENDSRCH)(?:\s|$)/i,
  comment: /^\.?\*/,
};
const asm: Brackets = {
  opens:
    /^\s*(?:[#%.]?\s?if(?:n?def|n?dif|idni?|n?b|e|c|nc|ne|eq|g[et]|l[et]|1|2)?i?\b|%i?rep\b|\.(?:rept|irpc?)\b|(?:rept|irpc?|repeat|while)\s)/i,
  closes: /^\s*(?:[#%.]?\s?endif\b|%endrep\b|\.endr\b|endm\s*(?:;|$))/i,
  comment: /^\s*(?:;|\/\/|@ )/,
};

/** Blocks are not nested deeper than this. */
const deepest = 200;

/**
 * Blocks of a line language beside its symbols: structured IF and DO in HLASM, conditions and repeats in assembly, dot blocks below their DO in
 * MUMPS. Read from the lines alone; what is never closed is none.
 */
export function lineFolds(language: LanguageId, text: string): readonly LineSpan[] {
  if (language === 'hlasm') return bracketed(text, hlasm);
  if (language === 'asm') return bracketed(text, asm);
  return language === 'mumps' ? dotBlocks(text) : [];
}

function bracketed(text: string, { opens, closes, comment }: Brackets): readonly LineSpan[] {
  const spans: LineSpan[] = [];
  const open: number[] = [];
  for (const [line, { text: written }] of splitLines(text).entries()) {
    if (comment.test(written)) continue;
    if (opens.test(written)) {
      if (open.length < deepest) open.push(line);
    } else if (closes.test(written)) {
      const start = open.pop();
      if (start !== undefined) spans.push({ startLine: start, endLine: line + 1 });
    }
  }
  return spans;
}

function dotBlocks(text: string): readonly LineSpan[] {
  const spans: LineSpan[] = [];
  const open: number[] = [];
  let before = 0;
  const lines = splitLines(text);
  for (let line = 0; line <= lines.length; line++) {
    const dots = /^[^\s.;]*[ \t]+((?:\.[ \t]*)+)/.exec(lines[line]?.text ?? '')?.[1]?.replace(/[^.]/g, '').length ?? 0;
    for (let level = before; level > dots; level--) {
      const start = open.pop();
      if (start !== undefined) spans.push({ startLine: start, endLine: line });
    }
    for (let level = before; level < dots && open.length < deepest; level++) open.push(Math.max(0, line - 1));
    before = Math.min(dots, deepest);
  }
  return spans;
}
