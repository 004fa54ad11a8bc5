import type { LanguageId } from '../../types/outline.ts';

/**
 * How a block of ours is written. `bracket` and `docstring` put the brackets around, `line` puts the leader before every line.
 * `width` is the last column that may be used (1-based), leader and indentation included.
 */
export type CommentStyle =
  | { readonly form: 'line'; readonly leader: string; readonly width: number; readonly ascii: boolean }
  | {
      readonly form: 'bracket' | 'docstring';
      readonly open: string;
      readonly leader: string;
      readonly close: string;
      readonly width: number;
      readonly ascii: boolean;
    };

/** Most formatters leave a comment alone that ends here. */
const width = 80;
/** Column 72 continues a statement and even a comment. */
const hlasmWidth = 71;

const line = (leader: string): CommentStyle => ({ form: 'line', leader, width, ascii: false });
const bracket = (open: string): CommentStyle => ({
  form: 'bracket',
  open,
  leader: ' * ',
  close: ' */',
  width,
  ascii: false,
});
const docstring: CommentStyle = { form: 'docstring', open: '"""', leader: '', close: '"""', width, ascii: false };
const mumps: CommentStyle = { form: 'line', leader: ' ; ', width, ascii: true };
const hlasm: CommentStyle = { form: 'line', leader: '* ', width: hlasmWidth, ascii: true };

const moduleStyles: Readonly<Record<Exclude<LanguageId, 'asm'>, CommentStyle>> = {
  typescript: line('// '),
  typescriptreact: line('// '),
  javascript: line('// '),
  javascriptreact: line('// '),
  python: docstring,
  java: line('// '),
  // C before C99 has no line comments.
  c: bracket('/*'),
  cpp: line('// '),
  csharp: line('// '),
  go: line('// '),
  rust: line('// '),
  ruby: line('# '),
  php: line('// '),
  kotlin: line('// '),
  scala: line('// '),
  swift: line('// '),
  shellscript: line('# '),
  lua: line('-- '),
  mumps,
  hlasm,
};

const docStyles: Readonly<Record<Exclude<LanguageId, 'asm'>, CommentStyle>> = {
  ...moduleStyles,
  typescript: bracket('/**'),
  typescriptreact: bracket('/**'),
  javascript: bracket('/**'),
  javascriptreact: bracket('/**'),
  java: bracket('/**'),
  c: bracket('/**'),
  cpp: bracket('/**'),
  csharp: line('/// '),
  rust: line('/// '),
  php: bracket('/**'),
  kotlin: bracket('/**'),
  scala: bracket('/**'),
  swift: line('/// '),
  lua: line('--- '),
};

/** Python beside a docstring of the author's. */
export const hashStyle: CommentStyle = line('# ');

/** Style of the comment about a file; undefined for an assembler text whose dialect nothing shows. */
export function moduleStyle(language: LanguageId, text: string): CommentStyle | undefined {
  return withEncoding(language === 'asm' ? asmStyle(text) : moduleStyles[language], text);
}

/** Style of the comment about a symbol. */
export function docStyle(language: LanguageId, text: string): CommentStyle | undefined {
  return withEncoding(language === 'asm' ? asmStyle(text) : docStyles[language], text);
}

/** Encodings that a line near the top declares; anything but UTF-8 gets ASCII. */
const declaredEncoding = /coding[:=][ \t]*([-\w.]+)/;

function withEncoding(style: CommentStyle | undefined, text: string): CommentStyle | undefined {
  if (style === undefined || style.ascii) return style;
  const head = text.split(/\r\n|\n|\r/, 2).join('\n');
  const declared = declaredEncoding.exec(head)?.[1]?.toLowerCase();
  const isUtf8 = declared === undefined || declared.startsWith('utf-8') || declared.startsWith('utf8');
  return isUtf8 ? style : { ...style, ascii: true };
}

const gasDirective =
  /^[ \t]*\.(?:text|globl|global|section|type|size|align|p2align|balign|file|macro|syntax|arch|cpu|intel_syntax|att_syntax|code16|code32|set|equ|include|func|thumb)\b/m;
const intelDirective =
  /^[ \t]*(?:section|segment|global|extern|extrn|bits|default|org|use16|use32|cglobal|assume|include|title|page|public|%(?:macro|include|define|if|ifdef|assign)|\.(?:model|data|code|stack|386|486|586|686)p?)\b/im;
const masmNamed = /^[ \t]*[\w?@$]+[ \t]+(?:proc|segment|endp|ends|macro|struc|label|equ|db|dw|dd|dq)\b/im;

/** GAS takes brackets on every target; NASM and MASM take `;`. Without a directive, the comments that are there decide. */
function asmStyle(text: string): CommentStyle | undefined {
  if (gasDirective.test(text) && !/^[ \t]*\.model\b/im.test(text)) return bracket('/*');
  if (intelDirective.test(text) || masmNamed.test(text)) return line('; ');
  const semicolons = text.match(/^[ \t]*;/gm)?.length ?? 0;
  const others = text.match(/^[ \t]*(?:#|\/\/|\/\*|@)/gm)?.length ?? 0;
  if (semicolons > others) return line('; ');
  return others > 0 ? bracket('/*') : undefined;
}
