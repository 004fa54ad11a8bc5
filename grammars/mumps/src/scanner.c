// External scanner of the MUMPS grammar.
//
// It reads line starts, dot levels, comments, command words, patterns and the "one space or two" rule, and it keeps the
// grammar total: a character that no token of the current state can start becomes `unparsed`, the rest of the line.
//
// The state is three numbers whatever the nesting: every dot level is one open block, so a counter replaces a stack and
// nesting has no limit. A jump of several levels opens (or closes) that many blocks; the number still to be handed out is
// kept in `pending`, so that the dots are counted once and the work stays linear.

#include "tree_sitter/parser.h"

#include <stdlib.h>
#include <string.h>

enum TokenType {
  NEWLINE,
  LABEL,
  DOTS,
  COMMENT_DOTS,
  BLOCK_START,
  ORPHAN_START,
  BLOCK_END,
  LEADING,
  RUN,
  COMMENT,
  DATA_COMMENT,
  DIRECTIVE,
  UNPARSED,
  ARGUMENT_START,
  NO_ARGUMENT,
  DO_NO_ARGUMENT,
  PATTERN,
  TEXT_NAME,
  TEXT_CARET,
  VISIBILITY,
  SET_WORD,
  DO_WORD,
  GOTO_WORD,
  JOB_WORD,
  QUIT_WORD,
  IF_WORD,
  ELSE_WORD,
  FOR_WORD,
  WRITE_WORD,
  READ_WORD,
  KILL_WORD,
  NEW_WORD,
  LOCK_WORD,
  MERGE_WORD,
  XECUTE_WORD,
  HANG_WORD,
  OPEN_WORD,
  USE_WORD,
  CLOSE_WORD,
  VIEW_WORD,
  BREAK_WORD,
  TRANSACTION_WORD,
  Z_WORD,
  NAME,
  NUMBER,
  STRING,
  GLOBAL_NAME,
  DOLLAR_NAME,
  MACRO,
  MEMBER,
  CLASS,
  EXTRINSIC,
  EXTERNAL,
  EQUALS,
  OPERATOR,
  PATTERN_OPERATOR,
  UNARY_OPERATOR,
  FORMAT_CODE,
  OPEN_PAREN,
  CLOSE_PAREN,
  COMMA,
  COLON,
  DOT,
  AT,
  CARET,
  QUESTION,
  STAR,
  PLUS,
  SLASH,
  BAR,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  AMPERSAND,
  BRACE,
  ERROR_SENTINEL,
};

typedef struct {
  uint32_t level;     // open dot blocks
  int32_t pending;    // blocks to open (> 0) or close (< 0) before the line goes on
  bool do_seen;       // the line so far holds an argumentless DO
  bool code_seen;     // code since the last label
  bool run_decided;   // inside a run of comment lines that is known not to lead to a label
  bool at_line_begin; // only dots or a brace so far: a command needs no space before it
} Scanner;

typedef struct {
  const char *name;
  uint8_t shortest;
  uint8_t token;
} Command;

// The first match wins; any abbreviation from `shortest` letters on is accepted, as several implementations do.
static const Command COMMANDS[] = {
    {"BREAK", 1, BREAK_WORD},         {"CLOSE", 1, CLOSE_WORD},          {"DO", 1, DO_WORD},
    {"ELSE", 1, ELSE_WORD},           {"FOR", 1, FOR_WORD},              {"GOTO", 1, GOTO_WORD},
    {"HANG", 1, HANG_WORD},           {"HALT", 2, HANG_WORD},            {"IF", 1, IF_WORD},
    {"JOB", 1, JOB_WORD},             {"KILL", 1, KILL_WORD},            {"LOCK", 1, LOCK_WORD},
    {"MERGE", 1, MERGE_WORD},         {"NEW", 1, NEW_WORD},              {"OPEN", 1, OPEN_WORD},
    {"QUIT", 1, QUIT_WORD},           {"READ", 1, READ_WORD},            {"SET", 1, SET_WORD},
    {"TCOMMIT", 2, TRANSACTION_WORD}, {"TRESTART", 3, TRANSACTION_WORD}, {"TROLLBACK", 3, TRANSACTION_WORD},
    {"TSTART", 2, TRANSACTION_WORD},  {"USE", 1, USE_WORD},              {"VIEW", 1, VIEW_WORD},
    {"WRITE", 1, WRITE_WORD},         {"XECUTE", 1, XECUTE_WORD},        {"ELSEIF", 6, IF_WORD},
    {"WHILE", 5, IF_WORD},            {"RETURN", 6, QUIT_WORD},          {"CONTINUE", 8, BREAK_WORD},
    {"THROW", 5, Z_WORD},             {"TRY", 3, ELSE_WORD},             {"CATCH", 5, Z_WORD},
};

enum { LONGEST_COMMAND = 31 };

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }
static bool is_line_end(TSLexer *lexer) {
  return lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->eof(lexer);
}

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }
static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static void to_line_end(TSLexer *lexer) {
  while (!is_line_end(lexer)) advance(lexer);
}

static void over_line_break(TSLexer *lexer) {
  if (lexer->lookahead == '\r') advance(lexer);
  if (lexer->lookahead == '\n') advance(lexer);
}

static bool emit(TSLexer *lexer, enum TokenType token) {
  lexer->result_symbol = token;
  return true;
}

static bool emit_here(TSLexer *lexer, enum TokenType token) {
  lexer->mark_end(lexer);
  return emit(lexer, token);
}

static bool scan_newline(Scanner *scanner, TSLexer *lexer) {
  scanner->at_line_begin = false;
  over_line_break(lexer);
  return emit_here(lexer, NEWLINE);
}

/** Takes what is left of the line; nothing at all at its end, where something is missing. */
static bool scan_unparsed(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  if (!valid[UNPARSED]) return false;
  scanner->at_line_begin = false;
  to_line_end(lexer);
  return emit_here(lexer, UNPARSED);
}

static bool scan_comment(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  enum TokenType token = lexer->lookahead == ';' ? DATA_COMMENT : COMMENT;
  to_line_end(lexer);
  if (!valid[token] && !valid[UNPARSED]) return false;
  return emit_here(lexer, valid[token] ? token : UNPARSED);
}

static enum TokenType command_of(const char *word, unsigned length) {
  for (unsigned i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
    const Command *command = &COMMANDS[i];
    if (word[0] != command->name[0] || length < command->shortest) continue;
    unsigned same = 0;
    while (same < length && command->name[same] == word[same]) same++;
    if (same == length) return command->token;
  }
  return word[0] == 'Z' && length > 1 ? Z_WORD : ERROR_SENTINEL;
}

/** Reads a letters-only word, upper-cased, and says how long it is; a word too long for `word` has length 0. */
static unsigned read_word(TSLexer *lexer, char *word) {
  unsigned length = 0;
  while (is_letter(lexer->lookahead) || is_digit(lexer->lookahead)) {
    if (length <= LONGEST_COMMAND) word[length < LONGEST_COMMAND ? length : LONGEST_COMMAND] = (char)(lexer->lookahead & ~(is_letter(lexer->lookahead) ? 0x20 : 0));
    length++;
    advance(lexer);
  }
  return length > LONGEST_COMMAND ? 0 : length;
}

static bool ends_command_word(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_blank(c) || c == ':' || c == ';' || c == '{' || c == '}' || is_line_end(lexer);
}

static bool scan_command(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  char word[LONGEST_COMMAND + 1];
  unsigned length = read_word(lexer, word);
  lexer->mark_end(lexer);
  if (valid[VISIBILITY] && ((length == 6 && !memcmp(word, "PUBLIC", 6)) || (length == 7 && !memcmp(word, "PRIVATE", 7)))) {
    scanner->at_line_begin = true;
    return emit(lexer, VISIBILITY);
  }
  if (length > 0 && ends_command_word(lexer)) {
    enum TokenType token = command_of(word, length);
    if (token != ERROR_SENTINEL && valid[token]) {
      scanner->code_seen = true;
      scanner->run_decided = false;
      scanner->at_line_begin = false;
      return emit(lexer, token);
    }
  }
  return scan_unparsed(scanner, lexer, valid);
}

/** A pattern: a count, then counts, code letters, strings and alternations in any order, up to whatever is none of them. */
static bool scan_pattern(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  uint32_t depth = 0;
  if (!is_digit(lexer->lookahead) && lexer->lookahead != '.') return scan_unparsed(scanner, lexer, valid);
  for (;;) {
    int32_t c = lexer->lookahead;
    if (is_letter(c) || is_digit(c) || c == '.') {
      advance(lexer);
    } else if (c == '"') {
      advance(lexer);
      while (!is_line_end(lexer) && lexer->lookahead != '"') advance(lexer);
      if (lexer->lookahead != '"') return scan_unparsed(scanner, lexer, valid);
      advance(lexer);
    } else if (c == '(') {
      depth++;
      advance(lexer);
    } else if (depth > 0 && (c == ')' || c == ',')) {
      if (c == ')') depth--;
      advance(lexer);
    } else {
      break;
    }
  }
  if (depth > 0) return scan_unparsed(scanner, lexer, valid);
  return emit_here(lexer, PATTERN);
}

/** True when a token that a letter starts is `$T(` or `$TEXT(`; the lexer stands behind the dollar sign. */
static bool scan_text_name(TSLexer *lexer) {
  char word[LONGEST_COMMAND + 1];
  unsigned length = read_word(lexer, word);
  lexer->mark_end(lexer);
  return lexer->lookahead == '(' && ((length == 1 && word[0] == 'T') || (length == 4 && !memcmp(word, "TEXT", 4)));
}

static bool scan_dollar(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  advance(lexer);
  int32_t c = lexer->lookahead;
  if (c == '$') {
    advance(lexer);
    if (valid[lexer->lookahead == '$' ? MACRO : EXTRINSIC]) return false;
  } else if (c == '&') {
    if (valid[EXTERNAL]) return false;
  } else if ((is_letter(c) || c == '%') && valid[DOLLAR_NAME]) {
    return (c == 't' || c == 'T') && valid[TEXT_NAME] && scan_text_name(lexer) && emit(lexer, TEXT_NAME);
  }
  return scan_unparsed(scanner, lexer, valid);
}

/** Whether a generated token that `c` starts is welcome in this state. */
static bool lexer_takes(int32_t c, const bool *valid) {
  switch (c) {
    case '"': return valid[STRING];
    case '^': return valid[CARET] || valid[GLOBAL_NAME];
    case '@': return valid[AT];
    case '(': return valid[OPEN_PAREN];
    case ')': return valid[CLOSE_PAREN];
    case ',': return valid[COMMA];
    case ':': return valid[COLON];
    case '=': return valid[EQUALS];
    case '\'': return valid[UNARY_OPERATOR] || valid[OPERATOR];
    case '?': return valid[PATTERN_OPERATOR] || valid[QUESTION];
    case '+': return valid[UNARY_OPERATOR] || valid[OPERATOR] || valid[PLUS];
    case '-': return valid[UNARY_OPERATOR] || valid[OPERATOR];
    case '!': return valid[OPERATOR] || valid[FORMAT_CODE];
    case '#': return valid[OPERATOR] || valid[FORMAT_CODE] || valid[CLASS];
    case '*': return valid[OPERATOR] || valid[STAR];
    case '/': return valid[OPERATOR] || valid[SLASH];
    case '[': return valid[OPERATOR] || valid[OPEN_BRACKET];
    case ']': return valid[OPERATOR] || valid[CLOSE_BRACKET];
    case '&': return valid[OPERATOR] || valid[AMPERSAND];
    case '|': return valid[OPERATOR] || valid[BAR];
    case '\\':
    case '_':
    case '<':
    case '>': return valid[OPERATOR];
    default: return false;
  }
}

/** A name always; behind a caret of its own token also what a naked, remote or indirect reference starts with. */
static bool follows_caret(int32_t c, const bool *valid) {
  if (is_letter(c) || c == '%' || (c == '$' && valid[GLOBAL_NAME])) return true;
  if (c == '?') return valid[CARET] && valid[PATTERN_OPERATOR] && valid[UNARY_OPERATOR]; // ZWRITE ^?.E
  return valid[CARET] && (c == '(' || c == '|' || c == '[' || c == '@');
}

/** Dots behind a label. They open no block: a label closes all blocks, whatever its own line's level. */
static bool scan_label_dots(TSLexer *lexer) {
  while (lexer->lookahead == '.' || is_blank(lexer->lookahead)) advance(lexer);
  return emit_here(lexer, lexer->lookahead == ';' ? COMMENT_DOTS : DOTS);
}

/** The rest of a line, from wherever the parser stands in it. */
static bool scan_in_line(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  unsigned blanks = 0;
  lexer->mark_end(lexer);
  for (; is_blank(lexer->lookahead); blanks++) skip(lexer);
  int32_t c = lexer->lookahead;
  bool none = valid[NO_ARGUMENT] || valid[DO_NO_ARGUMENT];

  if (none && (is_line_end(lexer) || c == ';' || c == '{' || c == '}' || blanks > 1)) {
    if (valid[DO_NO_ARGUMENT]) scanner->do_seen = true;
    return emit(lexer, valid[DO_NO_ARGUMENT] ? DO_NO_ARGUMENT : NO_ARGUMENT);
  }
  if (is_line_end(lexer)) {
    if (valid[NEWLINE]) return scan_newline(scanner, lexer);
    return scan_unparsed(scanner, lexer, valid);
  }
  if (c == ';') return scan_comment(lexer, valid);
  if (valid[ARGUMENT_START] && blanks > 0) return emit(lexer, ARGUMENT_START);
  if (valid[PATTERN] && c != '@') return scan_pattern(scanner, lexer, valid);

  if (is_letter(c) || c == '%') {
    if (valid[NAME]) return false;
    if (is_letter(c) && (blanks > 0 || scanner->at_line_begin)) return scan_command(scanner, lexer, valid);
    return scan_unparsed(scanner, lexer, valid);
  }
  if (is_digit(c) && valid[NUMBER]) return false;
  if (c == '.' && valid[DOTS]) return scan_label_dots(lexer);
  if (c == '.') {
    advance(lexer);
    if (valid[is_digit(lexer->lookahead) ? NUMBER : DOT] || (blanks == 0 && valid[MEMBER])) return false;
    return scan_unparsed(scanner, lexer, valid);
  }
  if (c == '$') return scan_dollar(scanner, lexer, valid);
  if ((c == '{' || c == '}') && valid[BRACE]) {
    scanner->at_line_begin = true;
    advance(lexer);
    return emit_here(lexer, BRACE);
  }
  if (c == '/' && valid[COMMENT] && (blanks > 0 || !valid[OPERATOR])) {
    advance(lexer);
    if (lexer->lookahead == '/') {
      to_line_end(lexer);
      return emit_here(lexer, COMMENT);
    }
    if (lexer_takes(c, valid)) return false;
    return scan_unparsed(scanner, lexer, valid);
  }
  if (c == '^' && valid[TEXT_CARET]) {
    advance(lexer);
    return emit_here(lexer, TEXT_CARET);
  }
  if (c == '^' && lexer_takes(c, valid)) {
    advance(lexer);
    if (follows_caret(lexer->lookahead, valid)) return false;
    return scan_unparsed(scanner, lexer, valid);
  }
  if (lexer_takes(c, valid)) return false;
  return scan_unparsed(scanner, lexer, valid);
}

/** Looks ahead over a run of comment lines (the lexer stands on the first `;`): does a label follow directly? */
static bool run_leads_to_label(TSLexer *lexer) {
  for (;;) {
    while (is_blank(lexer->lookahead)) advance(lexer);
    if (lexer->lookahead != ';') return false;
    advance(lexer);
    if (lexer->lookahead == ';') return false;
    to_line_end(lexer);
    if (lexer->eof(lexer)) return false;
    over_line_break(lexer);
    if (is_letter(lexer->lookahead) || is_digit(lexer->lookahead) || lexer->lookahead == '%') return true;
  }
}

/** `ROUTINE Name` or `ROUTINE Name [Type=MAC]`, with which Caché heads an exported routine; the lexer stands behind the word. */
static bool is_export_header(TSLexer *lexer) {
  char word[LONGEST_COMMAND + 1];
  if (lexer->lookahead != ' ') return false;
  advance(lexer);
  bool remote = lexer->lookahead == '%';
  if (remote) advance(lexer);
  unsigned length = read_word(lexer, word);
  if (!remote && (length == 0 || command_of(word, length) != ERROR_SENTINEL)) return false;
  while (lexer->lookahead == '.' || is_letter(lexer->lookahead) || is_digit(lexer->lookahead)) advance(lexer);
  while (is_blank(lexer->lookahead)) advance(lexer);
  return lexer->lookahead == '[' || is_line_end(lexer);
}

static bool scan_label(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  static const char header[] = "ROUTINE";
  bool numeric = is_digit(lexer->lookahead);
  // Only before the first label can a line be the header of an export.
  bool is_header = valid[DIRECTIVE] && !valid[LEADING];
  unsigned length = 0;
  do {
    is_header = is_header && length < sizeof header - 1 && lexer->lookahead == header[length];
    length++;
    advance(lexer);
  } while (is_digit(lexer->lookahead) || (!numeric && is_letter(lexer->lookahead)));
  lexer->mark_end(lexer);
  if (is_header && length == sizeof header - 1 && is_export_header(lexer)) {
    to_line_end(lexer);
    return emit_here(lexer, DIRECTIVE);
  }
  scanner->code_seen = false;
  scanner->run_decided = false;
  scanner->at_line_begin = true;
  return emit(lexer, LABEL);
}

/** Opens or closes one block on the way to `level`, and notes how many more have to follow. */
static bool change_level(Scanner *scanner, TSLexer *lexer, uint32_t level, enum TokenType opening) {
  scanner->run_decided = false;
  scanner->pending = (int32_t)(level - scanner->level);
  if (scanner->pending > 0) {
    scanner->pending--;
    scanner->level++;
    return emit(lexer, opening);
  }
  scanner->pending++;
  scanner->level--;
  return emit(lexer, BLOCK_END);
}

static bool scan_pending(Scanner *scanner, TSLexer *lexer) {
  lexer->mark_end(lexer);
  bool opens = scanner->pending > 0;
  scanner->pending += opens ? -1 : 1;
  scanner->level += opens ? 1 : -1;
  return emit(lexer, opens ? ORPHAN_START : BLOCK_END);
}

static bool scan_comment_line(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  if (scanner->code_seen && !scanner->run_decided && valid[LEADING]) {
    advance(lexer);
    if (lexer->lookahead == ';') {
      to_line_end(lexer);
      return emit_here(lexer, DATA_COMMENT);
    }
    to_line_end(lexer);
    bool leads = false;
    if (!lexer->eof(lexer)) {
      over_line_break(lexer);
      int32_t c = lexer->lookahead;
      leads = is_letter(c) || is_digit(c) || c == '%' || run_leads_to_label(lexer);
    }
    scanner->run_decided = true;
    return emit(lexer, leads ? LEADING : RUN);
  }
  if (!scan_comment(lexer, valid)) return false;
  if (lexer->result_symbol == DATA_COMMENT) scanner->run_decided = false;
  return true;
}

static bool scan_line_start(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  if (scanner->pending != 0) return scan_pending(scanner, lexer);
  lexer->mark_end(lexer);
  enum TokenType opening = valid[BLOCK_START] && scanner->do_seen ? BLOCK_START : ORPHAN_START;
  scanner->do_seen = false;
  scanner->at_line_begin = true;

  int32_t first = lexer->lookahead;
  bool in_column_one = !is_blank(first);
  uint32_t level = 0;
  while (is_blank(lexer->lookahead)) skip(lexer);
  if (!in_column_one) {
    while (lexer->lookahead == '.' || is_blank(lexer->lookahead)) {
      if (lexer->lookahead == '.') level++;
      if (level == 0) skip(lexer);
      else advance(lexer);
    }
  }
  bool at_end = is_line_end(lexer);
  if (at_end && lexer->eof(lexer) && level == 0) {
    if (scanner->level > 0) return change_level(scanner, lexer, 0, opening);
    return false;
  }
  if (at_end && level == 0) {
    scanner->run_decided = false;
    return scan_newline(scanner, lexer);
  }
  if (level != scanner->level) return change_level(scanner, lexer, level, opening);
  int32_t c = lexer->lookahead;
  if (level > 0) return emit_here(lexer, c == ';' ? COMMENT_DOTS : DOTS);
  if (c == ';') return scan_comment_line(scanner, lexer, valid);
  if (in_column_one && (is_letter(c) || is_digit(c) || c == '%')) return scan_label(scanner, lexer, valid);
  scanner->run_decided = false;
  if (is_letter(c)) return scan_command(scanner, lexer, valid);
  if ((c == '{' || c == '}') && valid[BRACE]) {
    advance(lexer);
    return emit_here(lexer, BRACE);
  }
  if (c == '#') {
    advance(lexer);
    if (is_letter(lexer->lookahead) || lexer->lookahead == ';') {
      to_line_end(lexer);
      return emit_here(lexer, DIRECTIVE);
    }
  } else if (c == '/') {
    advance(lexer);
    if (lexer->lookahead == '/') {
      to_line_end(lexer);
      return emit_here(lexer, COMMENT);
    }
  }
  return scan_unparsed(scanner, lexer, valid);
}

/** After an error that the grammar did not foresee: give up on this line, and only on this line. */
static bool scan_after_error(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  while (is_blank(lexer->lookahead)) skip(lexer);
  if (is_line_end(lexer)) return !lexer->eof(lexer) && scan_newline(scanner, lexer);
  return scan_unparsed(scanner, lexer, valid);
}

void *tree_sitter_mumps_external_scanner_create(void) { return calloc(1, sizeof(Scanner)); }
void tree_sitter_mumps_external_scanner_destroy(void *payload) { free(payload); }

unsigned tree_sitter_mumps_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  memcpy(buffer, &scanner->level, sizeof scanner->level);
  memcpy(buffer + 4, &scanner->pending, sizeof scanner->pending);
  buffer[8] = (char)(scanner->do_seen | scanner->code_seen << 1 | scanner->run_decided << 2 | scanner->at_line_begin << 3);
  return 9;
}

void tree_sitter_mumps_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  memset(scanner, 0, sizeof *scanner);
  if (length != 9) return;
  memcpy(&scanner->level, buffer, sizeof scanner->level);
  memcpy(&scanner->pending, buffer + 4, sizeof scanner->pending);
  scanner->do_seen = buffer[8] & 1;
  scanner->code_seen = buffer[8] & 2;
  scanner->run_decided = buffer[8] & 4;
  scanner->at_line_begin = buffer[8] & 8;
}

bool tree_sitter_mumps_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  if (valid[ERROR_SENTINEL]) return scan_after_error(scanner, lexer, valid);
  // A label, or a block without an owner, can stand only where a line starts.
  if (valid[ORPHAN_START] || valid[LABEL]) return scan_line_start(scanner, lexer, valid);
  return scan_in_line(scanner, lexer, valid);
}
