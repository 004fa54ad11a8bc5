// The lexer of HLASM: a machine with one small state per statement. It alone decides what a token is, from the state that the last
// token left and the characters that follow; what the parser would accept is never asked. Every call either returns a token or stands at
// the end of the input, so no input can make it loop, and each character is read a bounded number of times.
//
// Columns are counted here (tree-sitter's get_column is linear per call). Columns are 0-based: MARGIN is column 72 of the manual.
#include "tree_sitter/parser.h"
#include <stdlib.h>
#include <string.h>

enum TokenType {
  NEWLINE,
  COMMENT_TEXT,
  MACRO_COMMENT_TEXT,
  COMMENT_MORE,
  PROCESS_TEXT,
  CONTROL_TEXT,
  NAME,
  SEQUENCE_SYMBOL,
  OP_INSTRUCTION,
  OP_MACRO_CALL,
  OP_SECTION,
  OP_DSECT,
  OP_INNER_SECTION,
  OP_MACRO,
  OP_PROTOTYPE,
  OP_MEND,
  OP_CONDITIONAL,
  OP_SET,
  OP_DECLARATION,
  OP_EXEC,
  OP_COPY,
  OP_USING,
  OP_DATA,
  OP_EQU,
  OP_STRUCTURED,
  OP_DIRECTIVE,
  OP_END,
  OP_SUBROUTINE_CALL,
  OP_CALL,
  OP_BRANCH,
  OP_RETURN,
  COMMA,
  INNER_COMMA,
  OPEN,
  CLOSE,
  SYMBOL,
  KEYWORD,
  NUMBER,
  VARIABLE,
  CONSTANT_TYPE,
  ATTRIBUTE,
  OPERATOR,
  LITERAL_MARK,
  STRING_WHOLE,
  STRING_HEAD,
  STRING_MIDDLE,
  STRING_TAIL,
  REMARK_TEXT,
  INLINE_REMARK_TEXT,
  INNER_REMARK_TEXT,
  REMARK_MORE,
  CONTINUATION_MARK,
  SEQUENCE,
  OVERFLOW_TEXT,
  CONTINUATION_BREAK,
  MARGIN_TOKEN,
  WORD,
  OPTION_NAME,
  OPTION_OPEN,
  OPTION_CLOSE,
  OPTION_AUTO_CLOSE,
  UNPARSED,
  MACRO_AUTO_END,
  SECTION_NAME,
  OPERAND_LINE_START,
};

#include "operations.h"

enum {
  MARGIN = 71,       // where the continuation mark stands
  RESUME = 15,       // where a continued statement resumes
  SEQUENCE_SIZE = 8, // columns 73-80
  MACRO_LIMIT = 200, // deeper macro definitions stay flat, so that the tree's depth is bounded
};

typedef enum {
  AT_LINE_START,
  AT_OPERATION,
  AT_OPERANDS, // before the first operand, or resuming after a continuation
  IN_OPERANDS,
  AT_REMARK, // the operands are over
  IN_STRING, // a string that the margin cut
  IN_COMMENT,
} Mode;

// What stands at and after the margin of the current line.
typedef enum {
  TAIL_UNKNOWN,
  TAIL_BLANK,
  TAIL_SEQUENCE,      // a sequence number
  TAIL_TEXT,          // text that ran over the margin
  TAIL_TEXT_SEQUENCE, // one character of text in the margin, then a sequence number
  TAIL_CONTINUED,     // a continuation mark
  TAIL_AFTER_MARK,
} Tail;

// What stands before the next token of the operands. At the remark: AFTER_VALUE once its first text is out.
typedef enum { AFTER_BREAK, AFTER_COMMA, AFTER_LONE_COMMA, AFTER_NAME, AFTER_VALUE, AFTER_LITERAL_MARK, AFTER_OPTION_NAME } Before;

enum { LABELED = 1, NAMED = 2 };

typedef struct {
  uint8_t mode;
  uint8_t column; // stops counting beyond MARGIN
  uint8_t operation;
  uint8_t tail;
  uint8_t before;
  uint8_t plain;           // the operation takes no operands
  uint8_t in_option;       // inside the parentheses of an EXEC option
  uint8_t resumes;         // the remark follows a comma (which): operands go on in the continuation line
  uint8_t named;           // this statement has a sequence symbol or a name that does not announce a section
  uint8_t wants_prototype; // the last statement was MACRO
  uint8_t wants_operands;  // the last statement ended in a comma
  uint16_t depth;          // open parentheses
  uint16_t macros;         // open macro definitions
} State;

// --- characters ---------------------------------------------------------------------------------------------------------------------

static bool is_line_end_char(int32_t c) { return c == '\n' || c == '\r' || c == 0x85; }

static bool at_line_end(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_line_end_char(c) || (c == 0 && lexer->eof(lexer));
}

// 0x1A is the end-of-file mark of DOS.
static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0x1A; }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_control(int32_t c) { return c < 0x20 || c == 0x7F || (c > 0x7F && c < 0xA0) || c == 0xFFFD || (c >= 0xD800 && c < 0xE000); }

static bool is_letter(int32_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '@' || c == '#' || c == '$' || c == '_' || (c > 0xA0 && !is_control(c) && c != 0xFEFF && c != 0xAC);
}

static bool is_symbol_char(int32_t c) { return is_letter(c) || is_digit(c); }
static int32_t upper(int32_t c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

// --- moving -------------------------------------------------------------------------------------------------------------------------

static void step(TSLexer *lexer, State *s) {
  lexer->advance(lexer, false);
  if (s->column <= MARGIN) s->column++;
}

static void skip_blanks(TSLexer *lexer, State *s) {
  while (s->column < MARGIN && is_blank(lexer->lookahead)) {
    lexer->advance(lexer, true);
    s->column++;
  }
}

static void skip_blanks_to_end(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
}

static void consume_line_end(TSLexer *lexer) {
  bool carriage = lexer->lookahead == '\r';
  if (lexer->eof(lexer)) return;
  lexer->advance(lexer, false);
  if (carriage && lexer->lookahead == '\n') lexer->advance(lexer, false);
}

static bool emit(TSLexer *lexer, int type) {
  lexer->result_symbol = (TSSymbol)type;
  return true;
}

static bool emit_here(TSLexer *lexer, int type) {
  lexer->mark_end(lexer);
  return emit(lexer, type);
}

// --- the margin ---------------------------------------------------------------------------------------------------------------------

// Consumes to the line's end, marking the end of the last text. True when the text looks like a sequence number.
static bool read_tail_text(TSLexer *lexer, bool mark) {
  unsigned length = 0, text = 0;
  bool digit = false, plain = true, blank = false;
  while (!at_line_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_blank(c)) {
      if (!blank && text && mark) lexer->mark_end(lexer);
      blank = true;
    } else {
      if (blank && text) plain = false;
      if (!is_symbol_char(c)) plain = false;
      if (is_digit(c)) digit = true;
      blank = false;
      text = length + 1;
    }
    length++;
    lexer->advance(lexer, false);
  }
  if (!blank && mark) lexer->mark_end(lexer);
  return text > 0 && text <= SEQUENCE_SIZE && digit && plain;
}

// Stands at the line's end: is the next line a continuation, given that the margin is filled? Columns 1-15 must be blank; the CICS, SQL
// and DLI translators are content with column 1.
static bool next_line_continues(TSLexer *lexer, bool exec) {
  if (lexer->eof(lexer)) return false;
  consume_line_end(lexer);
  if (lexer->eof(lexer)) return false;
  for (unsigned column = 0; column < RESUME; column++) {
    if (at_line_end(lexer)) return true;
    if (!is_blank(lexer->lookahead)) return exec && column > 0;
    lexer->advance(lexer, false);
  }
  return true;
}

// Stands at the margin, the token's end marked.
static Tail read_tail(TSLexer *lexer, bool exec) {
  if (at_line_end(lexer)) return TAIL_BLANK;
  bool filled = !is_blank(lexer->lookahead);
  lexer->advance(lexer, false);
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  bool empty = at_line_end(lexer);
  bool sequence = read_tail_text(lexer, false);
  if (filled) {
    if (next_line_continues(lexer, exec)) return TAIL_CONTINUED;
    return sequence ? TAIL_TEXT_SEQUENCE : TAIL_TEXT;
  }
  if (empty) return TAIL_BLANK;
  return sequence ? TAIL_SEQUENCE : TAIL_TEXT;
}

// Text that reaches to the margin at most; trailing blanks are not part of it.
static bool scan_text(TSLexer *lexer, State *s, int type, Mode after) {
  unsigned column = s->column, end = column;
  bool in_word = false;
  while (column < MARGIN && !at_line_end(lexer)) {
    if (!is_blank(lexer->lookahead)) {
      in_word = true;
    } else if (in_word) {
      lexer->mark_end(lexer);
      end = column;
      in_word = false;
    }
    lexer->advance(lexer, false);
    column++;
  }
  if (in_word) {
    lexer->mark_end(lexer);
    end = column;
  }
  s->column = (uint8_t)end;
  s->mode = after;
  s->tail = at_line_end(lexer) ? TAIL_BLANK : read_tail(lexer, s->operation == OP_EXEC);
  return emit(lexer, type);
}

static bool finish_statement(TSLexer *lexer, State *s);

// A string that ran over the margin, as in sources that know no margin: to its apostrophe, or to the line's end without one.
static bool scan_string_overflow(TSLexer *lexer, State *s) {
  while (!at_line_end(lexer)) {
    bool apostrophe = lexer->lookahead == '\'';
    lexer->advance(lexer, false);
    if (!apostrophe) continue;
    s->mode = AT_REMARK;
    s->before = AFTER_BREAK;
    return emit_here(lexer, STRING_TAIL);
  }
  s->mode = s->operation == OP_EXEC ? IN_OPERANDS : AT_REMARK;
  s->before = AFTER_BREAK;
  s->tail = TAIL_BLANK;
  return emit_here(lexer, UNPARSED);
}

// Text beyond the margin.
static bool scan_overflow(TSLexer *lexer, State *s) {
  if (s->mode == IN_STRING) return scan_string_overflow(lexer, s);
  int type = s->mode == IN_COMMENT ? COMMENT_MORE : s->mode == AT_REMARK && s->before == AFTER_VALUE ? REMARK_MORE : OVERFLOW_TEXT;
  skip_blanks_to_end(lexer);
  if (at_line_end(lexer)) {
    s->tail = TAIL_BLANK;
    return finish_statement(lexer, s);
  }
  if (s->tail == TAIL_TEXT_SEQUENCE) {
    lexer->advance(lexer, false);
    s->tail = TAIL_SEQUENCE;
    return emit_here(lexer, type);
  }
  read_tail_text(lexer, true);
  s->tail = TAIL_BLANK;
  return emit(lexer, type);
}

static bool scan_continuation_break(TSLexer *lexer, State *s) {
  consume_line_end(lexer);
  unsigned column = 0;
  while (column < RESUME && is_blank(lexer->lookahead)) {
    lexer->advance(lexer, false);
    column++;
  }
  s->column = (uint8_t)column;
  s->tail = TAIL_UNKNOWN;
  if (s->mode == IN_OPERANDS) {
    s->mode = AT_OPERANDS;
  } else if (s->mode == AT_REMARK) {
    if (s->resumes) {
      s->mode = AT_OPERANDS;
      s->before = AFTER_BREAK;
    }
    s->resumes = 0;
  }
  return emit_here(lexer, CONTINUATION_BREAK);
}

// The statement ends with its line end. A token without a size would stand where the next statement's padding begins, and tree-sitter passes
// over whatever begins there when an edit is parsed: all to the end of the file would be read again.
static bool finish_statement(TSLexer *lexer, State *s) {
  if (s->mode == IN_STRING || s->mode == AT_OPERATION) { // an open string, or a name alone
    s->mode = AT_REMARK;
    return emit_here(lexer, UNPARSED);
  }
  if (s->in_option) {
    s->in_option = 0;
    return emit_here(lexer, OPTION_AUTO_CLOSE);
  }
  uint16_t macros = s->macros;
  bool comma = s->before == AFTER_COMMA || s->resumes == AFTER_COMMA;
  uint8_t wants = (s->operation == OP_MACRO && s->named != NAMED) || (s->wants_prototype && s->operation == NEWLINE);
  memset(s, 0, sizeof(State));
  s->macros = macros;
  s->wants_prototype = wants;
  s->wants_operands = comma;
  consume_line_end(lexer);
  return emit_here(lexer, NEWLINE);
}

// What follows the text of a line, when its tail is known.
static bool scan_tail(TSLexer *lexer, State *s) {
  switch ((Tail)s->tail) {
  case TAIL_CONTINUED:
    skip_blanks_to_end(lexer);
    lexer->advance(lexer, false);
    s->tail = TAIL_AFTER_MARK;
    return emit_here(lexer, CONTINUATION_MARK);
  case TAIL_AFTER_MARK:
    skip_blanks_to_end(lexer);
    if (at_line_end(lexer)) return scan_continuation_break(lexer, s);
    return emit(lexer, read_tail_text(lexer, true) ? SEQUENCE : OVERFLOW_TEXT);
  case TAIL_TEXT:
  case TAIL_TEXT_SEQUENCE:
    return scan_overflow(lexer, s);
  case TAIL_SEQUENCE:
    skip_blanks_to_end(lexer);
    read_tail_text(lexer, true);
    s->tail = TAIL_BLANK;
    return emit(lexer, SEQUENCE);
  default:
    skip_blanks_to_end(lexer);
    return finish_statement(lexer, s);
  }
}

// Stands at the margin with the tail unknown.
static bool scan_margin(TSLexer *lexer, State *s) {
  if (is_blank(lexer->lookahead)) {
    s->tail = TAIL_BLANK;
    skip_blanks_to_end(lexer);
    if (at_line_end(lexer)) return finish_statement(lexer, s);
    return emit(lexer, read_tail_text(lexer, true) ? SEQUENCE : OVERFLOW_TEXT);
  }
  lexer->mark_end(lexer);
  s->tail = read_tail(lexer, s->operation == OP_EXEC);
  return emit(lexer, MARGIN_TOKEN);
}

// --- statements ---------------------------------------------------------------------------------------------------------------------

static void give_up_operands(State *s) {
  s->mode = s->operation == OP_EXEC ? IN_OPERANDS : AT_REMARK; // EXEC has no remarks
  s->resumes = 0;
  s->before = AFTER_BREAK;
}

static bool scan_unparsed(TSLexer *lexer, State *s) {
  while (s->column < MARGIN && !at_line_end(lexer)) step(lexer, s);
  give_up_operands(s);
  return emit_here(lexer, UNPARSED);
}

static bool scan_control_line(TSLexer *lexer, State *s) {
  read_tail_text(lexer, true);
  s->mode = IN_COMMENT;
  s->tail = TAIL_BLANK;
  return emit(lexer, CONTROL_TEXT);
}

static bool scan_asterisk(TSLexer *lexer, State *s) {
  static const char PROCESS[] = "PROCESS";
  unsigned matched = 0;
  step(lexer, s);
  lexer->mark_end(lexer);
  while (matched < 7 && upper(lexer->lookahead) == PROCESS[matched]) {
    step(lexer, s);
    matched++;
  }
  bool process = matched == 7 && is_blank(lexer->lookahead);
  if (matched) lexer->mark_end(lexer);
  return scan_text(lexer, s, process ? PROCESS_TEXT : COMMENT_TEXT, IN_COMMENT);
}

static const Operation *find_operation(const char *name) {
  int low = 0, high = OPERATION_COUNT - 1;
  while (low <= high) {
    int middle = (low + high) / 2;
    const char *candidate = OPERATIONS[middle].name;
    int difference = 0;
    for (unsigned i = 0; i < OPERATION_NAME && !difference; i++) {
      difference = (unsigned char)candidate[i] - (unsigned char)name[i];
      if (!candidate[i]) break;
    }
    if (!difference) return &OPERATIONS[middle];
    if (difference < 0) low = middle + 1;
    else high = middle - 1;
  }
  return NULL;
}

static bool is_operation_char(int32_t c) {
  return is_symbol_char(c) || c == '&' || c == '.' || c == '(' || c == ')' || c == '\'' || c == ',' || c == '+' || c == '-' || c == '*' || c == '/';
}

// Reads the operation's word. Its length is 0 when it is none, OPERATION_NAME or more when it is too long to be known.
static const Operation *read_operation(TSLexer *lexer, State *s, unsigned *length) {
  char name[OPERATION_NAME] = {0};
  int32_t first = lexer->lookahead;
  *length = 0;
  if (!is_letter(first) && first != '&') return NULL;
  while (s->column < MARGIN && !is_blank(lexer->lookahead) && !at_line_end(lexer)) {
    int32_t c = upper(lexer->lookahead);
    if (!is_operation_char(c)) {
      *length = 0;
      return NULL;
    }
    if (*length < OPERATION_NAME) name[*length] = c < 0x80 ? (char)c : '?';
    ++*length;
    step(lexer, s);
  }
  return *length < OPERATION_NAME ? find_operation(name) : NULL;
}

// The parser must know at the name already whether a section begins or ends here.
static bool announces_section(TSLexer *lexer, const State *s) {
  State ahead = *s;
  unsigned length;
  while (ahead.column < MARGIN && is_blank(lexer->lookahead)) step(lexer, &ahead);
  if (ahead.column >= MARGIN || at_line_end(lexer)) return false;
  const Operation *operation = read_operation(lexer, &ahead, &length);
  return operation && (operation->type == OP_SECTION || operation->type == OP_DSECT || operation->type == OP_END);
}

static bool scan_name(TSLexer *lexer, State *s) {
  int32_t first = lexer->lookahead;
  int type = NAME;
  if (first == '*') return scan_asterisk(lexer, s);
  if (first == ';') return scan_text(lexer, s, COMMENT_TEXT, IN_COMMENT); // PC/370 under DOS
  if (is_control(first)) return scan_unparsed(lexer, s);
  if (first == '/' || first == '.') {
    step(lexer, s);
    int32_t second = lexer->lookahead;
    if (first == '/' ? second == '/' || second == '*' : second == '/') return scan_control_line(lexer, s);
    if (first == '.') {
      if (second == '*') return scan_text(lexer, s, MACRO_COMMENT_TEXT, IN_COMMENT);
      type = SEQUENCE_SYMBOL;
    }
  }
  while (s->column < MARGIN && !is_blank(lexer->lookahead) && !at_line_end(lexer)) {
    if (is_control(lexer->lookahead)) return scan_unparsed(lexer, s);
    step(lexer, s);
  }
  lexer->mark_end(lexer);
  s->mode = AT_OPERATION;
  bool section = s->macros == 0 && announces_section(lexer, s);
  s->named = section ? 0 : type == NAME ? NAMED : LABELED;
  return emit(lexer, section ? SECTION_NAME : type);
}

// Opening and closing macro definitions; nesting beyond the limit is only counted.
static int macro_operation(State *s, int type) {
  if (type == OP_MACRO) {
    if (s->named == NAMED) s->plain = 0; // PC/370 has the prototype in the same line: NAME MACRO operands
    if (s->macros < UINT16_MAX) s->macros++;
    return s->macros <= MACRO_LIMIT ? OP_MACRO : OP_DIRECTIVE;
  }
  if (s->macros == 0) return OP_DIRECTIVE;
  s->macros--;
  return s->macros < MACRO_LIMIT ? OP_MEND : OP_DIRECTIVE;
}

static int operation_type(State *s, const Operation *operation) {
  int type = operation ? operation->type : OP_MACRO_CALL;
  bool inside = s->macros > 0 || s->named;
  if (type == OP_MACRO || type == OP_MEND) return macro_operation(s, type);
  if (s->wants_prototype && s->macros > 0 && type != OP_EXEC) {
    s->plain = 0;
    return OP_PROTOTYPE;
  }
  if (inside && (type == OP_SECTION || type == OP_DSECT)) return OP_INNER_SECTION;
  if (inside && type == OP_END) return OP_DIRECTIVE;
  return type;
}

static bool scan_operation(TSLexer *lexer, State *s) {
  unsigned length;
  if (lexer->lookahead == '*' && !s->named) return scan_text(lexer, s, COMMENT_TEXT, IN_COMMENT);
  const Operation *operation = read_operation(lexer, s, &length);
  if (length == 0) return scan_unparsed(lexer, s);
  s->plain = operation ? operation->plain : 0;
  int type = operation_type(s, operation);
  s->operation = (uint8_t)type;
  s->mode = AT_OPERANDS;
  return emit_here(lexer, type);
}

// PC/370 continues a statement that ends in a comma in the next, indented line, with nothing in column 72. Such a line stays a
// statement of its own, made of operands. True when the word here cannot be an operation.
static bool is_operand_line(TSLexer *lexer, unsigned column) {
  for (; column < MARGIN && !is_blank(lexer->lookahead) && !at_line_end(lexer); column++) {
    int32_t c = lexer->lookahead;
    if (c == '=' || c == ',' || c == '\'' || c == '(') return true;
    lexer->advance(lexer, false);
  }
  return false;
}

static bool scan_line_start(TSLexer *lexer, State *s) {
  for (;;) {
    while (s->column == 0 && lexer->lookahead == 0xFEFF) lexer->advance(lexer, true); // byte order mark
    skip_blanks(lexer, s);
    if (s->column >= MARGIN) skip_blanks_to_end(lexer);
    if (!is_line_end_char(lexer->lookahead)) break;
    lexer->advance(lexer, true);
    s->column = 0;
  }
  if (lexer->lookahead == 0 && lexer->eof(lexer)) {
    if (s->macros == 0) return false;
    if (s->macros > MACRO_LIMIT) s->macros = MACRO_LIMIT;
    s->macros--;
    return emit_here(lexer, MACRO_AUTO_END);
  }
  if (s->column >= MARGIN) return emit(lexer, read_tail_text(lexer, true) ? SEQUENCE : OVERFLOW_TEXT);
  if (s->column == 0) return scan_name(lexer, s);
  // z390's structured macros (ZSTRMAC) indent a name behind a colon: `     :&N SETA 1`.
  if (lexer->lookahead == ':') {
    lexer->advance(lexer, true);
    s->column++;
    if (is_letter(lexer->lookahead) || lexer->lookahead == '&') return scan_name(lexer, s);
    return scan_unparsed(lexer, s);
  }
  if (s->wants_operands) {
    lexer->mark_end(lexer);
    s->wants_operands = 0;
    if (is_operand_line(lexer, s->column)) {
      s->mode = AT_OPERANDS;
      return emit(lexer, OPERAND_LINE_START);
    }
    s->mode = AT_OPERATION;
    return emit(lexer, MARGIN_TOKEN);
  }
  s->mode = AT_OPERATION;
  return scan_operation(lexer, s);
}

// --- operands -----------------------------------------------------------------------------------------------------------------------

static bool allows_blanks(const State *s) {
  return s->operation == OP_EXEC || (s->depth > 0 && (s->operation == OP_CONDITIONAL || s->operation == OP_SET));
}

// From inside a string: to its closing apostrophe, or to the margin where a continuation cuts it.
static bool scan_string_rest(TSLexer *lexer, State *s, int closed, int cut) {
  while (s->column < MARGIN && !at_line_end(lexer)) {
    bool apostrophe = lexer->lookahead == '\'';
    step(lexer, s);
    if (!apostrophe) continue;
    lexer->mark_end(lexer);
    if (s->column < MARGIN && lexer->lookahead == '\'') {
      step(lexer, s);
      continue;
    }
    s->mode = IN_OPERANDS;
    s->before = AFTER_VALUE;
    return emit(lexer, closed);
  }
  lexer->mark_end(lexer);
  s->before = AFTER_VALUE;
  if (!at_line_end(lexer)) {
    s->tail = (uint8_t)read_tail(lexer, s->operation == OP_EXEC);
    if (s->tail == TAIL_CONTINUED || s->tail == TAIL_TEXT) {
      s->mode = IN_STRING;
      return emit(lexer, cut);
    }
  }
  give_up_operands(s);
  return emit(lexer, UNPARSED);
}

// Outside parentheses only PC/370 has conditions: there a lone apostrophe is the empty string, as in AIF &A='.OUT
static bool scan_condition_string(TSLexer *lexer, State *s) {
  lexer->mark_end(lexer);
  State ahead = *s;
  while (ahead.column < MARGIN && !at_line_end(lexer) && lexer->lookahead != '\'' && !is_blank(lexer->lookahead)) step(lexer, &ahead);
  if (ahead.column < MARGIN && lexer->lookahead != '\'') {
    s->before = AFTER_BREAK;
    return emit(lexer, OPERATOR);
  }
  *s = ahead;
  return scan_string_rest(lexer, s, STRING_WHOLE, STRING_HEAD);
}

static bool has_attribute(int32_t letter) { return letter < 0x80 && letter > 0 && strchr("LTKNSIDO", (int)upper(letter)) != NULL; }

// An apostrophe follows the word: an attribute reference such as L'FIELD, or the string of a typed constant such as X'00'.
static bool scan_word_before_apostrophe(TSLexer *lexer, State *s, unsigned length, int32_t first) {
  bool constant = s->before == AFTER_LITERAL_MARK || (s->operation == OP_DATA && s->depth == 0);
  s->before = AFTER_BREAK;
  if (length == 1 && has_attribute(first)) {
    lexer->advance(lexer, false);
    int32_t c = lexer->lookahead;
    if (is_letter(c) || (!constant && (c == '&' || c == '=' || c == '*'))) {
      s->column++;
      return emit_here(lexer, ATTRIBUTE);
    }
  }
  return emit(lexer, CONSTANT_TYPE);
}

static bool scan_word(TSLexer *lexer, State *s) {
  int32_t first = lexer->lookahead;
  unsigned length = 0;
  while (s->column < MARGIN && is_symbol_char(lexer->lookahead)) {
    step(lexer, s);
    length++;
  }
  lexer->mark_end(lexer);
  bool exec_word = s->operation == OP_EXEC && s->depth == 0;
  if (s->column < MARGIN) {
    if (lexer->lookahead == '\'') return scan_word_before_apostrophe(lexer, s, length, first);
    if (lexer->lookahead == '=' && !exec_word) {
      s->before = AFTER_NAME;
      return emit(lexer, KEYWORD);
    }
  }
  s->before = AFTER_NAME;
  if (!exec_word) return emit(lexer, SYMBOL);
  unsigned column = s->column;
  for (; column < MARGIN && is_blank(lexer->lookahead); column++) lexer->advance(lexer, false);
  if (column >= MARGIN || lexer->lookahead != '(') return emit(lexer, WORD);
  s->before = AFTER_OPTION_NAME;
  return emit(lexer, OPTION_NAME);
}

static bool scan_number(TSLexer *lexer, State *s) {
  while (s->column < MARGIN && is_digit(lexer->lookahead)) step(lexer, s);
  if (s->before != AFTER_LITERAL_MARK) s->before = AFTER_VALUE;
  return emit_here(lexer, NUMBER);
}

static bool scan_ampersand(TSLexer *lexer, State *s) {
  step(lexer, s);
  if (s->column < MARGIN && lexer->lookahead == '&') {
    step(lexer, s);
    s->before = AFTER_BREAK;
    return emit_here(lexer, OPERATOR);
  }
  while (s->column < MARGIN && is_symbol_char(lexer->lookahead)) step(lexer, s);
  if (s->column < MARGIN && lexer->lookahead == '.') step(lexer, s);
  s->before = AFTER_NAME;
  return emit_here(lexer, VARIABLE);
}

static bool scan_dot(TSLexer *lexer, State *s) {
  bool target = s->operation == OP_CONDITIONAL && s->depth == 0 && s->before != AFTER_NAME;
  step(lexer, s);
  bool label = target && s->column < MARGIN && is_letter(lexer->lookahead);
  while (label && s->column < MARGIN && is_symbol_char(lexer->lookahead)) step(lexer, s);
  s->before = AFTER_VALUE;
  return emit_here(lexer, label ? SEQUENCE_SYMBOL : OPERATOR);
}

static bool scan_parenthesis(TSLexer *lexer, State *s) {
  bool opens = lexer->lookahead == '(';
  bool option = s->before == AFTER_OPTION_NAME;
  step(lexer, s);
  s->before = opens ? AFTER_BREAK : AFTER_VALUE;
  if (opens) {
    if (option) s->in_option = 1;
    if (s->depth < UINT16_MAX) s->depth++;
    return emit_here(lexer, option ? OPTION_OPEN : OPEN);
  }
  if (s->depth > 0) s->depth--;
  option = s->in_option && s->depth == 0;
  if (option) s->in_option = 0;
  return emit_here(lexer, option ? OPTION_CLOSE : CLOSE);
}

static bool scan_operator(TSLexer *lexer, State *s) {
  int32_t c = lexer->lookahead;
  bool literal = c == '=' && s->before != AFTER_NAME && s->before != AFTER_VALUE;
  do step(lexer, s);
  while (c != '=' && s->column < MARGIN && lexer->lookahead == c);
  s->before = literal ? AFTER_LITERAL_MARK : AFTER_BREAK;
  return emit_here(lexer, literal ? LITERAL_MARK : OPERATOR);
}

// One token of the operands; stands on a character that is not blank, before the margin.
static bool scan_operand(TSLexer *lexer, State *s) {
  int32_t c = lexer->lookahead;
  s->mode = IN_OPERANDS;
  if (is_letter(c)) return scan_word(lexer, s);
  if (is_digit(c)) return scan_number(lexer, s);
  if (is_control(c)) return scan_unparsed(lexer, s);
  switch (c) {
  case '\'':
    step(lexer, s);
    if (s->operation == OP_CONDITIONAL && s->depth == 0) return scan_condition_string(lexer, s);
    return scan_string_rest(lexer, s, STRING_WHOLE, STRING_HEAD);
  case '&':
    return scan_ampersand(lexer, s);
  case '.':
    return scan_dot(lexer, s);
  case ',':
    step(lexer, s);
    s->before = s->before == AFTER_BREAK ? AFTER_LONE_COMMA : AFTER_COMMA;
    return emit_here(lexer, s->depth > 0 ? INNER_COMMA : COMMA);
  case '(':
  case ')':
    return scan_parenthesis(lexer, s);
  default:
    return scan_operator(lexer, s);
  }
}

static bool scan_remark(TSLexer *lexer, State *s) {
  int type = REMARK_TEXT;
  if (s->resumes) type = s->depth > 0 ? INNER_REMARK_TEXT : INLINE_REMARK_TEXT;
  else if (s->before == AFTER_VALUE) type = REMARK_MORE;
  s->before = AFTER_VALUE;
  return scan_text(lexer, s, type, AT_REMARK);
}

// Goes on after blanks: with the line's end, its margin, the remark or the next operand token.
static bool scan_rest(TSLexer *lexer, State *s) {
  if (at_line_end(lexer)) {
    s->tail = TAIL_BLANK;
    return finish_statement(lexer, s);
  }
  if (s->column >= MARGIN) return scan_margin(lexer, s);
  switch ((Mode)s->mode) {
  case AT_OPERATION:
    return scan_operation(lexer, s);
  case AT_REMARK:
    return scan_remark(lexer, s);
  case IN_COMMENT:
    return scan_text(lexer, s, COMMENT_MORE, IN_COMMENT);
  default:
    return scan_operand(lexer, s);
  }
}

static void end_operands(State *s) {
  s->mode = AT_REMARK;
  s->resumes = s->before == AFTER_COMMA || s->before == AFTER_LONE_COMMA ? s->before : 0;
  s->before = AFTER_BREAK;
  if (!s->resumes) s->depth = 0;
}

static bool scan(TSLexer *lexer, State *s) {
  if (s->tail != TAIL_UNKNOWN) return scan_tail(lexer, s);
  if (s->mode == AT_LINE_START) return scan_line_start(lexer, s);
  if (s->mode == IN_STRING) return scan_string_rest(lexer, s, STRING_TAIL, STRING_MIDDLE);
  if (s->mode == IN_OPERANDS && is_blank(lexer->lookahead) && s->column < MARGIN && !allows_blanks(s)) end_operands(s);
  skip_blanks(lexer, s);
  if (s->mode == AT_OPERANDS && s->plain && lexer->lookahead != ',') end_operands(s);
  return scan_rest(lexer, s);
}

// --- tree-sitter's interface --------------------------------------------------------------------------------------------------------

void *tree_sitter_hlasm_external_scanner_create(void) { return calloc(1, sizeof(State)); }

void tree_sitter_hlasm_external_scanner_destroy(void *payload) { free(payload); }

unsigned tree_sitter_hlasm_external_scanner_serialize(void *payload, char *buffer) {
  memcpy(buffer, payload, sizeof(State));
  return sizeof(State);
}

void tree_sitter_hlasm_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  memset(payload, 0, sizeof(State));
  if (length == sizeof(State)) memcpy(payload, buffer, sizeof(State));
}

bool tree_sitter_hlasm_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)valid_symbols;
  return scan(lexer, (State *)payload);
}
