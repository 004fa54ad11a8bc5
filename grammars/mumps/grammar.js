/**
 * MUMPS (M): YottaDB/GT.M and the ISO standard, with the Caché/IRIS forms that are met in routines.
 *
 * Three ideas carry this grammar:
 *  - Lines and dot levels come from the scanner, which turns dots into nested `dot_block` nodes.
 *  - The grammar is total: wherever a line stops making sense the scanner hands out `unparsed`, the rest of that line, and
 *    every state of a line accepts it. Errors therefore never reach the next line and tree-sitter's own recovery, which
 *    can swallow line ends, stays out of the way. A tree is clean when it holds neither ERROR, MISSING nor `unparsed`.
 *  - M has no operator precedence, so a chain of operators is one flat `binary_expression`.
 *
 * Tokens that also have a rule below are listed as externals so that the scanner knows which of them a state accepts; it
 * leaves the reading of them to the generated lexer.
 */

const commaSeparated = (rule) => seq(rule, repeat(seq(',', rule)));

export default grammar({
  name: 'mumps',

  extras: () => [/[ \t]/],

  externals: ($) => [
    $._newline,
    $.label,
    $.dots,
    $._comment_dots,
    $._block_start,
    $._orphan_start,
    $._block_end,
    $._leading,
    $._run,
    $.comment,
    $.data_comment,
    $.directive,
    $.unparsed,
    $._argument_start,
    $._no_argument,
    $._do_no_argument,
    $.pattern,
    $._text_name,
    $._text_caret,
    $._visibility,
    $._set_word,
    $._do_word,
    $._goto_word,
    $._job_word,
    $._quit_word,
    $._if_word,
    $._else_word,
    $._for_word,
    $._write_word,
    $._read_word,
    $._kill_word,
    $._new_word,
    $._lock_word,
    $._merge_word,
    $._xecute_word,
    $._hang_word,
    $._open_word,
    $._use_word,
    $._close_word,
    $._view_word,
    $._break_word,
    $._transaction_word,
    $._z_word,
    $._name,
    $.number,
    $.string,
    $.global_name,
    $._dollar_name,
    $.macro,
    $.member,
    $.class_reference,
    '$$',
    '$&',
    '=',
    $.operator,
    $.pattern_operator,
    $.unary_operator,
    $._format_code,
    '(',
    ')',
    ',',
    ':',
    '.',
    '@',
    '^',
    '?',
    '*',
    '+',
    '/',
    '|',
    '[',
    ']',
    '&',
    $.brace,
    $._error_sentinel,
  ],

  inline: ($) => [$._close],

  rules: {
    source_file: ($) => seq(repeat($._item), optional($.routine)),

    routine: ($) => seq($.label_line, repeat($._item), repeat(choice($.label_block, seq($._leading, $.comment_block)))),

    label_block: ($) => seq($.label_line, repeat($._item)),

    _item: ($) =>
      choice(
        $.line,
        $.comment_block,
        $.data_block,
        alias($._orphan_block, $.dot_block),
        seq($.directive, $._newline),
        $._newline,
      ),

    // Lines

    label_line: ($) =>
      seq(
        field('name', $.label),
        optional(':'),
        optional(field('parameters', $.formal_list)),
        optional(seq(alias($._visibility, $.keyword), optional($.argument_list))),
        optional(choice($.dots, alias($._comment_dots, $.dots))),
        repeat($._command),
        $._line_end,
        optional(field('block', $.dot_block)),
      ),

    line: ($) =>
      seq(
        choice(
          seq(optional($.dots), repeat1($._command), $._line_end),
          seq(optional($.dots), $.unparsed, $._newline),
          seq($.dots, $._newline),
        ),
        optional(field('block', $.dot_block)),
      ),

    _line_end: ($) => seq(optional($.unparsed), optional(choice($.comment, $.data_comment)), $._newline),

    comment_block: ($) =>
      prec.right(
        seq(
          optional($._run),
          repeat1(
            choice(
              seq($.comment, $._newline),
              seq(alias($._comment_dots, $.dots), choice($.comment, $.data_comment), $._newline),
            ),
          ),
        ),
      ),

    data_block: ($) => prec.right(repeat1(seq($.data_comment, $._newline))),

    dot_block: ($) => seq($._block_start, repeat1($._item), $._block_end),
    _orphan_block: ($) => seq($._orphan_start, repeat1($._item), $._block_end),

    formal_list: ($) => seq('(', optional($.formal), repeat(seq(',', optional($.formal))), $._close),
    formal: ($) =>
      choice(
        seq(optional(choice('.', '&')), field('name', alias($._name, $.identifier)), optional(seq('=', $._expression))),
        prec(1, $.unparsed),
      ),

    // Commands

    _command: ($) =>
      choice(
        $.set_statement,
        $.do_statement,
        $.goto_statement,
        $.job_statement,
        $.quit_statement,
        $.if_statement,
        $.else_statement,
        $.for_statement,
        $.write_statement,
        $.read_statement,
        $.kill_statement,
        $.new_statement,
        $.lock_statement,
        $.merge_statement,
        $.xecute_statement,
        $.hang_statement,
        $.open_statement,
        $.use_statement,
        $.close_statement,
        $.view_statement,
        $.break_statement,
        $.transaction_statement,
        $.z_statement,
        $.brace,
      ),

    postconditional: ($) => seq(':', $._expression),

    set_statement: ($) => command($, $._set_word, $._set_arguments),
    merge_statement: ($) => command($, $._merge_word, $._set_arguments),
    do_statement: ($) => command($, $._do_word, $._call_arguments, $._do_no_argument),
    goto_statement: ($) => command($, $._goto_word, $._call_arguments, $._no_argument),
    job_statement: ($) => command($, $._job_word, $._call_arguments),
    quit_statement: ($) => command($, $._quit_word, $._quit_value, $._no_argument),
    if_statement: ($) => command($, $._if_word, $._conditions, $._no_argument),
    else_statement: ($) => seq(alias($._else_word, $.keyword)),
    for_statement: ($) => command($, $._for_word, $._for_control, $._no_argument),
    write_statement: ($) => command($, $._write_word, $._io_arguments),
    read_statement: ($) => command($, $._read_word, $._io_arguments),
    kill_statement: ($) => command($, $._kill_word, $._reference_arguments, $._no_argument),
    new_statement: ($) => command($, $._new_word, $._reference_arguments, $._no_argument),
    lock_statement: ($) => command($, $._lock_word, $._reference_arguments, $._no_argument),
    xecute_statement: ($) => command($, $._xecute_word, $._command_arguments),
    hang_statement: ($) => command($, $._hang_word, $._command_arguments, $._no_argument),
    open_statement: ($) => command($, $._open_word, $._command_arguments),
    use_statement: ($) => command($, $._use_word, $._command_arguments),
    close_statement: ($) => command($, $._close_word, $._command_arguments, $._no_argument),
    view_statement: ($) => command($, $._view_word, $._command_arguments),
    break_statement: ($) => command($, $._break_word, $._command_arguments, $._no_argument),
    transaction_statement: ($) => command($, $._transaction_word, $._command_arguments, $._no_argument),
    z_statement: ($) => command($, $._z_word, $._command_arguments, $._no_argument),

    // Arguments of commands

    _set_arguments: ($) => commaSeparated($.set_argument),
    _call_arguments: ($) => commaSeparated($._call_argument),
    _io_arguments: ($) => commaSeparated($._io_argument),
    _reference_arguments: ($) => commaSeparated($._reference_argument),
    _conditions: ($) => commaSeparated($._expression),
    _quit_value: ($) => seq(optional('*'), $._expression),

    set_argument: ($) =>
      prec.right(
        choice(
          seq(
            optional('*'),
            field('target', choice($._place, $.target_list)),
            choice(seq('=', field('value', $._expression)), $.unparsed),
          ),
          seq(field('target', $.indirection), optional(seq('=', field('value', $._expression)))),
          $.unparsed,
        ),
      ),
    target_list: ($) => seq('(', commaSeparated(choice($._place, $.indirection, $.unparsed)), $._close),
    _place: ($) =>
      choice(
        $.member_access,
        $.variable,
        $.global_variable,
        $.naked_reference,
        $.special_variable,
        $.function_call,
        $.macro_call,
      ),

    _for_control: ($) =>
      prec.right(
        choice(
          seq(
            field('variable', choice($.variable, $.global_variable, $.naked_reference)),
            choice(seq('=', commaSeparated($.for_range)), $.unparsed),
          ),
          seq(field('variable', $.indirection), optional(seq('=', commaSeparated($.for_range)))),
          $.unparsed,
        ),
      ),
    for_range: ($) => prec.right(seq($._expression, repeat(seq(':', $._expression)))),

    _call_argument: ($) =>
      prec.right(
        seq(
          choice($.call, alias($._external_routine, $.external_call), $.function_call, $.unparsed),
          repeat($._colon_part),
        ),
      ),

    // DO, GOTO and JOB: [label][+offset][^routine][(arguments)]
    call: ($) =>
      prec.right(
        seq(
          choice(
            seq(field('label', $._label_name), optional($.offset), optional($._routine_part)),
            seq(
              choice(field('label', alias($._name, $.label_name)), $.class_reference, $.special_variable),
              repeat1(seq($.member, optional($.argument_list))),
            ),
            seq($.offset, optional($._routine_part)),
            $._routine_part,
          ),
          optional($.argument_list),
        ),
      ),
    _label_name: ($) => choice(alias($._name, $.label_name), alias($.number, $.label_name), $.indirection),
    _routine_part: ($) =>
      prec.right(
        seq(
          '^',
          optional($.environment),
          field('routine', choice(alias($._name, $.routine_name), $.indirection, $.unparsed)),
        ),
      ),
    offset: ($) => seq('+', $._expression),
    environment: ($) =>
      choice(
        seq('|', commaSeparated($._expression), choice('|', $.unparsed)),
        seq('[', commaSeparated($._expression), choice(']', $.unparsed)),
      ),

    _io_argument: ($) =>
      prec.right(
        choice(
          $.format,
          seq(optional('*'), $._expression, optional($._colon_part)),
          seq('/', choice(seq(alias($._name, $.identifier), optional($.argument_list)), $.unparsed)),
        ),
      ),
    format: ($) => prec.right(choice(seq($._format_code, optional(seq('?', $._expression))), seq('?', $._expression))),

    _reference_argument: ($) =>
      choice(
        prec.right(
          seq(
            optional(choice($.unary_operator, '*')),
            choice(
              $.variable,
              $.global_variable,
              $.naked_reference,
              $.special_variable,
              $.indirection,
              $.macro_call,
              $.reference_list,
              seq($.environment, $.variable),
              $.unparsed,
            ),
            repeat($._colon_part),
          ),
        ),
        prec(-1, '*'),
      ),
    reference_list: ($) =>
      seq(
        '(',
        commaSeparated(choice($.variable, $.global_variable, $.special_variable, $.indirection, $.unparsed)),
        $._close,
      ),

    _command_arguments: ($) => commaSeparated($._command_argument),
    _command_argument: ($) =>
      prec.right(seq(choice($._command_value, seq(optional($.unary_operator), '*')), repeat($._colon_part))),
    _command_value: ($) =>
      prec.right(
        choice(
          seq($._expression, optional($._routine_part)),
          seq('^', field('routine', $.indirection)),
          seq('/', $._expression),
          // ZALLOCATE of a name elsewhere
          seq($.environment, $.variable),
          // YottaDB's ZWRITE of all names that match a pattern
          seq(optional('^'), $.pattern_operator, choice($.pattern, $.indirection, $.unparsed)),
          $.parameter_list,
        ),
      ),
    _colon_part: ($) => prec.right(seq(':', optional($._command_value))),
    parameter_list: ($) =>
      prec.right(
        seq(
          '(',
          choice(
            ')',
            seq(
              choice(seq($._command_value, choice(':', ',')), ':', ','),
              optional($._command_value),
              repeat(seq(choice(':', ','), optional($._command_value))),
              $._close,
            ),
          ),
        ),
      ),

    // Expressions

    _expression: ($) => choice($._operand, $.binary_expression),

    binary_expression: ($) =>
      seq(
        $._operand,
        repeat1(
          choice(
            seq(choice($.operator, alias('=', $.operator)), $._operand),
            seq($.pattern_operator, choice($.pattern, $.indirection, $.unparsed)),
          ),
        ),
      ),

    _operand: ($) => choice($._atom, $.unary_expression, prec(1, $.unparsed)),
    unary_expression: ($) => seq(repeat1($.unary_operator), choice($._atom, $.unparsed)),

    _atom: ($) =>
      choice(
        $.number,
        $.string,
        $.variable,
        $.global_variable,
        $.naked_reference,
        $.special_variable,
        $.function_call,
        $.text_call,
        $.extrinsic_call,
        $.external_call,
        $.macro_call,
        $.member_access,
        $.indirection,
        $.parenthesized_expression,
      ),

    parenthesized_expression: ($) => seq('(', $._expression, $._close),

    variable: ($) => prec.right(seq(field('name', alias($._name, $.identifier)), optional($.argument_list))),

    global_variable: ($) =>
      prec.right(
        seq(
          choice(
            field('name', $.global_name),
            seq('^', $.environment, field('name', choice(alias($._name, $.global_name), $.unparsed))),
          ),
          optional($.argument_list),
        ),
      ),
    naked_reference: ($) => seq('^', $.argument_list),

    special_variable: ($) => prec.right($._dollar_name),
    function_call: ($) => prec.right(seq(field('name', alias($._dollar_name, $.function_name)), $.argument_list)),

    // $TEXT reads source lines, so what it takes is an entry reference
    text_call: ($) => seq(field('name', alias($._text_name, $.function_name)), '(', $.text_reference, $._close),
    text_reference: ($) =>
      prec.right(
        choice(
          seq(field('label', $._label_name), optional($.offset), optional($._routine_part)),
          seq($.offset, optional($._routine_part)),
          prec(1, $.unparsed),
          seq(
            $._text_caret,
            optional($.environment),
            field('routine', choice(alias($._name, $.routine_name), $.indirection, $.unparsed)),
          ),
        ),
      ),

    extrinsic_call: ($) =>
      prec.right(
        seq(
          '$$',
          choice(
            seq(
              field('label', choice(alias($._name, $.label_name), alias($.number, $.label_name), $.indirection)),
              optional($._routine_part),
            ),
            $._routine_part,
            $.unparsed,
          ),
          optional($.argument_list),
        ),
      ),
    // Code outside M: $&package.function(…) and DO &package.routine(…)
    external_call: ($) => seq('$&', $._external_name),
    _external_routine: ($) => seq('&', $._external_name),
    _external_name: ($) =>
      prec.right(
        seq(
          choice(seq($._name, optional(seq(choice('.', '^'), choice($._name, $.unparsed)))), $.unparsed),
          optional($.argument_list),
        ),
      ),
    macro_call: ($) => prec.right(seq(field('name', $.macro), optional($.argument_list))),

    // Caché and IRIS: object.Property, object.Method(…), ##class(Name).Method(…)
    member_access: ($) =>
      prec.right(
        seq(
          choice($.variable, $.special_variable, $.function_call, $.macro_call, $.class_reference),
          repeat1(seq($.member, optional($.argument_list))),
        ),
      ),

    indirection: ($) => prec.right(seq('@', $._indirect, repeat(seq('@', choice($.argument_list, $.unparsed))))),
    _indirect: ($) =>
      choice(
        $.variable,
        $.global_variable,
        $.naked_reference,
        $.special_variable,
        $.function_call,
        $.text_call,
        $.extrinsic_call,
        $.macro_call,
        $.string,
        $.number,
        $.indirection,
        $.parenthesized_expression,
        $.unary_expression,
        $.unparsed,
      ),

    argument_list: ($) => seq('(', optional($._argument), repeat(seq(',', optional($._argument))), $._close),
    _argument: ($) =>
      choice(
        prec.right(seq($._expression, repeat(seq(':', optional($._expression))))),
        prec.right(seq(':', optional($._expression))),
        $.by_reference,
        // Every node in ZWRITE; in Caché the last character, and what is counted back from it
        seq('*', optional(seq($.operator, $._expression))),
        // Subscripts that match, in ZWRITE
        seq($.pattern_operator, choice($.pattern, $.indirection, $.unparsed)),
      ),
    by_reference: ($) =>
      seq('.', choice(alias($._name, $.identifier), $.global_name, $.indirection, $.macro_call, $.unparsed)),

    _close: ($) => choice(')', $.unparsed),

    // Tokens

    _name: () => /[%A-Za-z][A-Za-z0-9]*/,
    number: () => /([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?/,
    string: () => /"([^"\r\n]|"")*"/,
    global_name: () => /\^\$?[%A-Za-z][A-Za-z0-9.]*/,
    _dollar_name: () => /\$[%A-Za-z][A-Za-z0-9]*/,
    member: () => /\.[%A-Za-z][A-Za-z0-9]*/,
    class_reference: () => /##[Cc][Ll][Aa][Ss][Ss]\([%A-Za-z][A-Za-z0-9.]*\)/,
    macro: () => /\$\$\$[%A-Za-z][A-Za-z0-9]*/,
    operator: () => /\*\*?|[/\\#_+\-!]|\[|<=?|>=?|\]\]?|&&?|\|\||'([=<>&!]|\[|\]\]?)/,
    pattern_operator: () => /'?\?/,
    unary_operator: () => /[+\-']/,
    _format_code: () => /[!#]+/,
    brace: () => /[{}]/,
  },
});

/** One command: its word, an optional postconditional and its arguments; `none` is the token of the form without arguments. */
function command($, word, argumentsRule, none) {
  const rest = none ? choice(seq($._argument_start, argumentsRule), none) : seq($._argument_start, argumentsRule);
  const plain = none ? [argumentsRule, none] : [argumentsRule];
  return seq(alias(word, $.keyword), choice(...plain, seq($.postconditional, choice(rest, $.unparsed))));
}
