/**
 * High Level Assembler (HLASM, also ALC / BAL) for tree-sitter.
 *
 * The external scanner (src/scanner.c) is the whole lexer: it knows columns, continuation and which characters end the operands. This
 * grammar accepts every token sequence the scanner can produce, so parsing never enters error recovery: what is not HLASM becomes an
 * `unparsed` node inside its own statement. One statement is one node; only macro definitions and sections nest.
 */
const statement = ($, operation, name = $._label) =>
  seq(
    optional(field('name', name)),
    field('operation', alias(operation, $.operation)),
    optional(field('operands', $.operands)),
    optional($.remark),
    $._newline,
  );

export default grammar({
  name: 'hlasm',

  // The order is that of `enum TokenType` in src/scanner.c.
  externals: ($) => [
    $._newline,
    $._comment_text,
    $._macro_comment_text,
    $._comment_more,
    $._process_text,
    $._control_text,
    $.name,
    $.sequence_symbol,
    $._op_instruction,
    $._op_macro_call,
    $._op_section,
    $._op_dsect,
    $._op_inner_section,
    $._op_macro,
    $._op_prototype,
    $._op_mend,
    $._op_conditional,
    $._op_set,
    $._op_declaration,
    $._op_exec,
    $._op_copy,
    $._op_using,
    $._op_data,
    $._op_equ,
    $._op_structured,
    $._op_directive,
    $._op_end,
    $._op_subroutine_call,
    $._op_call,
    $._op_branch,
    $._op_return,
    $._comma,
    $._inner_comma,
    $._open,
    $._close,
    $.symbol,
    $.keyword,
    $.number,
    $.variable,
    $.constant_type,
    $.attribute,
    $.operator,
    $._literal_mark,
    $._string_whole,
    $._string_head,
    $._string_middle,
    $._string_tail,
    $._remark_text,
    $._inline_remark_text,
    $._inner_remark_text,
    $._remark_more,
    $.continuation_mark,
    $.sequence,
    $.overflow,
    $._continuation_break,
    $._margin,
    $.word,
    $._option_name,
    $._option_open,
    $._option_close,
    $._option_auto_close,
    $.unparsed,
    $._macro_auto_end,
    $._section_name,
    $._operand_line_start,
  ],

  // Continuation and sequence fields may stand between any two tokens of a statement.
  extras: ($) => [$.continuation_mark, $.sequence, $.overflow, $._continuation_break, $._margin],

  rules: {
    source_file: ($) => repeat(choice($.section, $.dummy_section, $.end_statement, $._statement)),

    // A section reaches to the next section, END or the end of the file. Its name is a token of its own, so that the parser can end the
    // section before it.
    section: ($) => prec.right(seq($.section_statement, repeat($._statement))),
    dummy_section: ($) => prec.right(seq($.dsect_statement, repeat($._statement))),
    section_statement: ($) => statement($, $._op_section, alias($._section_name, $.name)),
    dsect_statement: ($) => statement($, $._op_dsect, alias($._section_name, $.name)),
    end_statement: ($) => statement($, $._op_end, alias($._section_name, $.name)),

    _statement: ($) =>
      choice(
        $.comment_line,
        $.macro_comment,
        $.process_statement,
        $.control_line,
        $.macro_definition,
        $.instruction,
        $.macro_call,
        $.conditional_statement,
        $.set_statement,
        $.declaration_statement,
        $.exec_statement,
        $.copy_statement,
        $.using_statement,
        $.data_definition,
        $.equ_statement,
        $.structured_statement,
        $.directive,
        $.subroutine_call,
        $.call_statement,
        $.branch_statement,
        $.return_statement,
        alias($.inner_section_statement, $.section_statement),
        $.operand_line,
        $.unparsed_statement,
      ),

    comment_line: ($) => seq($._comment_text, repeat($._comment_more), $._newline),
    macro_comment: ($) => seq($._macro_comment_text, repeat($._comment_more), $._newline),
    process_statement: ($) => seq($._process_text, repeat($._comment_more), $._newline),
    // JCL and IEBUPDTE cards around the source.
    control_line: ($) => seq($._control_text, $._newline),

    macro_definition: ($) =>
      seq($.macro_statement, repeat(choice($._statement, $.prototype)), choice($.mend_statement, $._macro_auto_end)),
    macro_statement: ($) => statement($, $._op_macro),
    prototype: ($) => statement($, $._op_prototype),
    mend_statement: ($) => statement($, $._op_mend),
    inner_section_statement: ($) => statement($, $._op_inner_section),

    instruction: ($) => statement($, $._op_instruction),
    macro_call: ($) => statement($, $._op_macro_call),
    conditional_statement: ($) => statement($, $._op_conditional),
    set_statement: ($) => statement($, $._op_set),
    declaration_statement: ($) => statement($, $._op_declaration),
    copy_statement: ($) => statement($, $._op_copy),
    using_statement: ($) => statement($, $._op_using),
    data_definition: ($) => statement($, $._op_data),
    equ_statement: ($) => statement($, $._op_equ),
    structured_statement: ($) => statement($, $._op_structured),
    directive: ($) => statement($, $._op_directive),
    subroutine_call: ($) => statement($, $._op_subroutine_call),
    call_statement: ($) => statement($, $._op_call),
    branch_statement: ($) => statement($, $._op_branch),
    return_statement: ($) => statement($, $._op_return),
    // A statement that ended in a comma goes on without a mark in column 72, as PC/370 allows.
    operand_line: ($) => seq($._operand_line_start, $.operands, optional($.remark), $._newline),
    unparsed_statement: ($) => seq(optional(field('name', $._label)), $.unparsed, optional($.remark), $._newline),

    exec_statement: ($) =>
      seq(
        optional(field('name', $._label)),
        field('operation', alias($._op_exec, $.operation)),
        repeat(choice($.exec_option, $.word, $._piece, alias($._comma, ','))),
        optional($.remark),
        $._newline,
      ),
    exec_option: ($) => seq(field('name', alias($._option_name, $.word)), field('argument', $.exec_argument)),
    exec_argument: ($) =>
      seq(alias($._option_open, '('), repeat($._piece), choice(alias($._option_close, ')'), $._option_auto_close)),

    _label: ($) => choice($.name, $.sequence_symbol),

    operands: ($) => choice(seq($.operand, repeat($._next_operand)), repeat1($._next_operand)),
    _next_operand: ($) =>
      prec.right(seq(alias($._comma, ','), optional(alias($.inline_remark, $.remark)), optional($.operand))),
    operand: ($) => prec.right(repeat1($._piece)),
    _piece: ($) =>
      choice(
        $.symbol,
        $.keyword,
        $.number,
        $.variable,
        $.attribute,
        $.operator,
        $.string,
        $.constant_type,
        $.literal,
        $.sequence_symbol,
        $.unparsed,
        alias($._inner_comma, ','),
        alias($._open, '('),
        alias($._close, ')'),
        alias($.inner_remark, $.remark),
      ),
    // `=CL8'A'` is one literal; of `=A(X)` the literal is `=A`, its value list follows as pieces of the operand.
    literal: ($) =>
      prec.right(
        seq($._literal_mark, optional($.number), optional(choice(seq($.constant_type, optional($.string)), $.symbol))),
      ),
    string: ($) =>
      choice($._string_whole, seq($._string_head, repeat($._string_middle), choice($._string_tail, $.unparsed))),

    remark: ($) => seq($._remark_text, repeat($._remark_more)),
    inline_remark: ($) => seq($._inline_remark_text, repeat($._remark_more)),
    inner_remark: ($) => seq($._inner_remark_text, repeat($._remark_more)),
  },
});
