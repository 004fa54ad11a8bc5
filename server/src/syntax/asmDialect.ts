/** The assemblers whose sources share the language `asm`. */
export type AsmDialect = 'gas-x86' | 'gas-arm' | 'gas-aarch64' | 'nasm' | 'masm' | 'unknown';

type Scored = Exclude<AsmDialect, 'unknown'> | 'gas';

interface Sign {
  readonly speaksFor: Scored;
  readonly weight: number;
  readonly line: RegExp;
}

/** How much of a file is read: signs come early, and a long file must not cost more than a short one. */
const sampleLength = 64 * 1024;
/** No sign lies further right; keeps one endless line cheap. */
const lineLength = 200;

const signs: readonly Sign[] = [
  {
    speaksFor: 'gas',
    weight: 4,
    line: /^\s*\.(?:globl|global|type|size|p2align|balign|macro|endm|rept|irp|syntax|section|text|set|equ|cfi_\w+|asci[iz]|quad|long|word|hword|include|arch|cpu|fpu)\b/,
  },
  { speaksFor: 'gas', weight: 4, line: /^\s*#\s*(?:include\s*[<"]|define\s+[A-Z_]|if(?:n?def)?\b|endif\b)/ },
  { speaksFor: 'gas', weight: 1, line: /^\s*(?:\/\*|\/\/)/ },
  {
    speaksFor: 'gas-x86',
    weight: 3,
    line: /%(?:[re]?[abcd]x|[re]?[sd]i|[re]?[sb]p|[abcd][lh]|r(?:8|9|1[0-5])[bwd]?|[xyz]mm\d+|st)\b/,
  },
  { speaksFor: 'gas-x86', weight: 4, line: /^\s*\.(?:intel_syntax|att_syntax|code(?:16|32|64))\b/ },
  {
    speaksFor: 'gas-aarch64',
    weight: 3,
    line: /^\s+(?:\w[\w.]*\s+(?:.*[,{[ ])?(?:[wx](?:[12]?\d|30)|[wx]zr|v\d+\.\d*[bhsd])\b|(?:adrp|ldp|stp|cbn?z|tbn?z|b\.(?:eq|ne|lt|le|gt|ge|hi|hs|lo|ls))\s)/,
  },
  {
    speaksFor: 'gas-arm',
    weight: 3,
    line: /^\s+(?:(?:push|pop|ldm\w*|stm\w*)\s+.*\{|\w[\w.]*\s+(?:r(?:\d|1[0-5])|q\d+|d\d+|sp|lr)\s*,\s*(?:\[|#|=|r\d|q\d|d\d|\{)|bx\s+lr\b|vld\d\.|vst\d\.)/,
  },
  { speaksFor: 'gas-arm', weight: 4, line: /^\s*\.(?:thumb|arm|fpu|thumb_func|syntax\s+unified|arch\s+armv[67])\b/ },
  {
    speaksFor: 'nasm',
    weight: 4,
    line: /^\s*%(?:i?macro|endmacro|define|xdefine|assign|include|if\w*|elif\w*|else|endif|rep|endrep|rotate|push|pop|undef)\b/,
  },
  {
    speaksFor: 'nasm',
    weight: 4,
    line: /^\s*(?:section\s+\.\w|global\s+\w|bits\s+(?:16|32|64)|default\s+(?:rel|abs)|cglobal\s|\[(?:bits|section|org|global|extern)\s|(?:\w+:?\s+)?(?:res[bwdq]|times)\s)/i,
  },
  {
    speaksFor: 'masm',
    weight: 4,
    line: /^\s*(?:\w[\w@?$]*\s+(?:proc|endp|segment|ends|macro|label)\b|assume\s|extrn\s|public\s|subttl\b|title\s|include\s+[\w.\\]+\.\w|\.(?:model|386p?|486p?|286c?|8086|xlist|list|code|stack)\b|end\s+\w+\s*$|comment\s+[^\w\s])/i,
  },
  { speaksFor: 'masm', weight: 1, line: /\b(?:byte|word|dword)\s+ptr\b|\bdup\s*\(|\boffset\s+\w/i },
];

/**
 * Which assembler a source is written for, from the signs in its first 64 K characters; `unknown` where none speaks
 * clearly. MASM's `ptr` and `dup` also occur in GAS with Intel syntax and weigh little.
 */
export function asmDialectOf(text: string): AsmDialect {
  const score = new Map<Scored, number>();
  for (const line of text.slice(0, sampleLength).split(/\r\n|\r|\n/)) {
    const seen = line.slice(0, lineLength);
    if (/^\s*(?:;|$)/.test(seen)) continue;
    for (const sign of signs) {
      if (sign.line.test(seen)) score.set(sign.speaksFor, (score.get(sign.speaksFor) ?? 0) + sign.weight);
    }
  }
  const of = (dialect: Scored): number => score.get(dialect) ?? 0;
  // Registers alone prove nothing: x86inc's NASM sources name theirs r0, r1 … as ARM does.
  const gas = of('gas') === 0 ? 0 : of('gas') + Math.max(of('gas-x86'), of('gas-arm'), of('gas-aarch64'));
  const best = Math.max(gas, of('nasm'), of('masm'));
  if (best < 3) return 'unknown';
  if (of('nasm') === best) return 'nasm';
  if (of('masm') === best) return 'masm';
  return gasTarget(of('gas-x86'), of('gas-arm'), of('gas-aarch64'));
}

/** GAS for a target that we do not tell apart (RISC-V, LoongArch …) is `unknown`: `#` opens a line comment on most of them. */
function gasTarget(x86: number, arm: number, aarch64: number): AsmDialect {
  const best = Math.max(x86, arm, aarch64);
  if (best === 0) return 'unknown';
  if (aarch64 === best) return 'gas-aarch64';
  return arm === best ? 'gas-arm' : 'gas-x86';
}

/** What begins a comment that runs to the end of the line, for comments that we write on lines of their own. */
export function lineCommentOf(dialect: AsmDialect): string {
  switch (dialect) {
    case 'gas-x86':
      return '#';
    case 'gas-arm':
      return '@';
    case 'gas-aarch64':
      return '//';
    case 'nasm':
    case 'masm':
      return ';';
    case 'unknown':
      return '#';
  }
}
