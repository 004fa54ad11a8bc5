/**
 * Assembly: GAS (x86, ARM, AArch64, RISC-V …), NASM and MASM in one grammar.
 *
 * Three ideas carry it:
 *  - The scanner looks at the first one or two words of each statement and says what kind of statement it is; it learns
 *    the dialect (which characters start a comment, above all) from what it has read so far.
 *  - The grammar is total. Operands are a list of tokens and bracket groups in which anything may follow anything, and
 *    the scanner balances brackets and blocks itself: a missing end becomes a zero-width token. So no line can damage
 *    another, and tree-sitter's error recovery stays out of the way. What makes no sense becomes `unparsed` or
 *    `unclosed`; a tree is clean when it holds neither these nor ERROR nor MISSING.
 *  - Blocks nest where they have a written end (macro, repeat, PROC, STRUC, SEGMENT, function … endfunc). Conditional
 *    assembly stays flat, because its branches often hold halves of blocks.
 */

const operand = ($) => optional($._operands);

/** A statement `keyword name operands`, such as `.macro add a, b`. */
const keywordFirst = ($, token) =>
  seq(field('keyword', alias(token, $.keyword)), optional(field('name', alias($._name, $.identifier))), operand($));

/** A statement `name keyword operands`, such as `add MACRO a, b`. */
const nameFirst = ($, token) =>
  seq(field('name', alias(token, $.identifier)), field('keyword', alias($._keyword, $.keyword)), operand($));

/** A statement made by a C macro: `SYM_FUNC_START(name)`. */
const nameInParentheses = ($, token) =>
  seq(
    field('keyword', alias(token, $.keyword)),
    '(',
    optional(field('name', alias($._name, $.identifier))),
    operand($),
    optional(seq(alias($._stray_close, ')'), operand($))),
  );

const block = ($, header) =>
  seq(header, $._eol, repeat($._line), optional($._labels), choice($.block_end, $._implicit_end));

/** A list whose parts may be missing. After a comma nothing is reduced before the next part has begun: see `_leading`. */
const commaSeparated = (part) => choice(seq(part, repeat(seq(',', optional(part)))), repeat1(seq(',', optional(part))));

const group = ($, open, openText, close, closeText) =>
  seq(alias(open, openText), optional(commaSeparated($._expression)), choice(alias(close, closeText), $.unclosed));

const WORD = '[A-Za-z0-9_.$?@]|[^\\x00-\\x7f]';
const SUBSTITUTION =
  '\\\\[A-Za-z_][A-Za-z0-9_]*|\\\\\\(\\)|\\\\@|\\\\\\+|%[0-9]+|%%[A-Za-z_.][A-Za-z0-9_.]*|%\\$+[A-Za-z_][A-Za-z0-9_]*|%\\{[^}\\r\\n]*\\}|%\\[([^\\[\\]\\r\\n]|\\[[^\\]\\r\\n]*\\])*\\]';

export default grammar({
  name: 'asm',

  // biome-ignore lint/suspicious/noControlCharactersInRegex: DOS sources end with Ctrl-Z.
  extras: ($) => [/[ \t\f\v\u001a\ufeff]/, $._continuation, $.comment],

  // The order is that of `enum Token` in src/tokens.h.
  externals: ($) => [
    $._eol,
    $.comment,
    $.unparsed,
    $.unclosed,
    $._open_bracket,
    $._open_parenthesis,
    $._open_brace,
    $._close_bracket,
    $._close_parenthesis,
    $._close_brace,
    $._stray_close,
    $._immediate_mark,
    $._literal_mark,
    $.text_literal,
    $.string,
    $.character,
    $.local_reference,
    $._text,
    $._preprocessor_text,
    $.path,
    $._name,
    $._keyword,
    $._label,
    $._bare_label,
    $.mnemonic,
    $._directive,
    $._bracketed_directive,
    $._named_directive,
    $._title,
    $._if,
    $._else,
    $._endif,
    $._include,
    $._section,
    $._export,
    $._import,
    $._equate,
    $._named_equate,
    $._named_data,
    $._function_label,
    $._data_label,
    $._label_call,
    $._macro,
    $._named_macro,
    $._repeat,
    $._named_procedure,
    $._structure,
    $._named_structure,
    $._named_segment,
    $._function,
    $._function_call,
    $._end,
    $._named_end,
    $._implicit_end,
    $._preprocessor,
    $._preprocessor_define,
    $._preprocessor_if,
    $._preprocessor_else,
    $._preprocessor_endif,
    $._preprocessor_include,
    $._continuation,
    $._error_sentinel,
  ],

  rules: {
    source_file: ($) => repeat($._line),

    _line: ($) => seq(optional($._labels), optional($._statement), $._eol),

    _labels: ($) => repeat1($.label),

    label: ($) =>
      choice(
        seq(field('name', alias($._label, $.identifier)), choice(':', '::')),
        field('name', alias($._bare_label, $.identifier)),
      ),

    _statement: ($) =>
      choice(
        $.instruction,
        $.directive,
        $.title_directive,
        $.if_directive,
        $.else_directive,
        $.endif_directive,
        $.include,
        $.section,
        $.export,
        $.import,
        $.equate,
        $.data_definition,
        $.function_label,
        $.data_label,
        $.preprocessor,
        $.macro_definition,
        $.repeat_block,
        $.procedure,
        $.structure,
        $.segment,
        $.function_definition,
        $.unparsed,
      ),

    instruction: ($) => seq(field('mnemonic', $.mnemonic), operand($)),

    directive: ($) =>
      choice(
        seq(field('keyword', alias($._directive, $.keyword)), operand($)),
        // NASM's `[bits 16]`; the scanner goes over the opening bracket.
        seq(
          field('keyword', alias($._bracketed_directive, $.keyword)),
          operand($),
          optional(seq(alias($._stray_close, ']'), operand($))),
        ),
        nameFirst($, $._named_directive),
      ),

    /** TITLE, SUBTTL, %error …: what follows is prose. */
    title_directive: ($) =>
      seq(field('keyword', alias($._title, $.keyword)), optional(field('title', alias($._text, $.text)))),

    if_directive: ($) =>
      choice(
        seq(field('keyword', alias($._if, $.keyword)), operand($)),
        seq(field('keyword', alias($._preprocessor_if, $.keyword)), repeat(alias($._preprocessor_text, $.text))),
      ),

    else_directive: ($) =>
      choice(
        seq(field('keyword', alias($._else, $.keyword)), operand($)),
        seq(field('keyword', alias($._preprocessor_else, $.keyword)), repeat(alias($._preprocessor_text, $.text))),
      ),

    endif_directive: ($) =>
      choice(
        seq(field('keyword', alias($._endif, $.keyword)), operand($)),
        seq(field('keyword', alias($._preprocessor_endif, $.keyword)), repeat(alias($._preprocessor_text, $.text))),
      ),

    include: ($) =>
      choice(
        seq(field('keyword', alias($._include, $.keyword)), optional(field('path', $.path)), operand($)),
        seq(
          field('keyword', alias($._preprocessor_include, $.keyword)),
          optional(field('path', $.path)),
          repeat(alias($._preprocessor_text, $.text)),
        ),
      ),

    section: ($) => keywordFirst($, $._section),

    /** `.globl`, `global`, `PUBLIC`: the names are the operands. */
    export: ($) => seq(field('keyword', alias($._export, $.keyword)), operand($)),

    import: ($) => seq(field('keyword', alias($._import, $.keyword)), operand($)),

    equate: ($) => choice(keywordFirst($, $._equate), nameFirst($, $._named_equate)),

    data_definition: ($) => nameFirst($, $._named_data),

    /** A routine that ends where the next begins: `cglobal name`, `ENTRY name`. */
    function_label: ($) => keywordFirst($, $._function_label),

    data_label: ($) => choice(keywordFirst($, $._data_label), nameInParentheses($, $._label_call)),

    preprocessor: ($) =>
      choice(
        seq(field('keyword', alias($._preprocessor, $.keyword)), repeat(alias($._preprocessor_text, $.text))),
        seq(
          field('keyword', alias($._preprocessor_define, $.keyword)),
          optional(field('name', alias($._name, $.identifier))),
          repeat(alias($._preprocessor_text, $.text)),
        ),
      ),

    macro_definition: ($) => block($, $.macro_header),
    macro_header: ($) => choice(keywordFirst($, $._macro), nameFirst($, $._named_macro)),

    repeat_block: ($) => block($, $.repeat_header),
    repeat_header: ($) => seq(field('keyword', alias($._repeat, $.keyword)), operand($)),

    procedure: ($) => block($, $.procedure_header),
    procedure_header: ($) => nameFirst($, $._named_procedure),

    structure: ($) => block($, $.structure_header),
    structure_header: ($) => choice(keywordFirst($, $._structure), nameFirst($, $._named_structure)),

    segment: ($) => block($, $.segment_header),
    segment_header: ($) => nameFirst($, $._named_segment),

    function_definition: ($) => block($, $.function_header),
    function_header: ($) => choice(keywordFirst($, $._function), nameInParentheses($, $._function_call)),

    block_end: ($) => choice(seq(field('keyword', alias($._end, $.keyword)), operand($)), nameFirst($, $._named_end)),

    _operands: ($) => commaSeparated($.operand),

    operand: ($) => $._expression,

    _expression: ($) =>
      choice(
        seq($._leading, repeat($._term), optional($._operators)),
        seq(repeat1($._term), optional($._operators)),
        $._operators,
      ),

    _term: ($) => choice(seq(optional($._operators), choice($._value, $.unparsed)), seq($._operators, $._leading)),

    _operators: ($) => repeat1(choice($.operator, $.shift)),

    /**
     * What can only stand where an operand or a term begins; that it is valid tells the scanner where it is. The rules
     * above keep it valid behind an operator whether or not the tree before was reused after an edit.
     */
    _leading: ($) => choice($.immediate, $.literal, $.text_literal),

    immediate: ($) => prec.right(seq($._immediate_mark, repeat($.operator), optional($._value))),

    literal: ($) => prec.right(seq($._literal_mark, repeat($.operator), optional($._value))),

    _value: ($) =>
      choice(
        $.identifier,
        $.register,
        $.number,
        $.string,
        $.character,
        $.local_reference,
        $.macro_argument,
        $.memory,
        $.parenthesized,
        $.braced,
      ),

    memory: ($) => group($, $._open_bracket, '[', $._close_bracket, ']'),
    parenthesized: ($) => group($, $._open_parenthesis, '(', $._close_parenthesis, ')'),
    braced: ($) => group($, $._open_brace, '{', $._close_brace, '}'),

    identifier: () => token(prec(1, new RegExp(`([A-Za-z_.$?@]|[^\\x00-\\x7f])(${WORD}|${SUBSTITUTION})*`))),

    /** `\arg`, `\()`, `%1`, `%%local`, `%{1}`, with what is glued to it. */
    macro_argument: () => token(new RegExp(`(${SUBSTITUTION})(${WORD}|${SUBSTITUTION})*`)),

    register: () => token(new RegExp(`%[A-Za-z_](${WORD}|${SUBSTITUTION})*`)),

    number: () => token(new RegExp(`[0-9](${WORD}|${SUBSTITUTION})*`)),

    shift: () => token(prec(2, /[lL][sS][lLrR]|[aA][sS][rR]|[rR][oO][rR]|[uUsS][xX][tT][bBhHwWxX]|[mM][sS][lL]/)),

    operator: () =>
      token(
        choice(
          /[-+*/|^~!=<>&%:;#\\]/,
          '==',
          '!=',
          '<>',
          '<=',
          '>=',
          '<<',
          '>>',
          '<<<',
          '>>>',
          '<=>',
          '&&',
          '||',
          '^^',
          '::',
          '//',
          '%%',
          '%+',
        ),
      ),
  },
});
