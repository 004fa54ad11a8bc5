/* Everything behind the word that opened the statement. What is left to the generated lexer gets `false`. */
#ifndef ASM_OPERANDS_H
#define ASM_OPERANDS_H

#include "comments.h"

static bool take_unparsed(TSLexer *lexer) {
  take_line(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, UNPARSED);
}

static bool open_bracket(TSLexer *lexer, State *state, const bool *valid, unsigned kind) {
  enum Token token = (enum Token)(OPEN_BRACKET + kind);
  if (!valid[token]) return false;
  if (state->bracket_count == BRACKETS_MAX) return take_unparsed(lexer);
  state->brackets[state->bracket_count++] = (uint8_t)kind;
  take(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, token);
}

static bool close_bracket(TSLexer *lexer, State *state, const bool *valid, unsigned kind) {
  int open = state->bracket_count - 1;
  while (open >= 0 && state->brackets[open] != kind) open--;
  if (open < 0) {
    take(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, valid[STRAY_CLOSE] ? STRAY_CLOSE : UNPARSED);
  }
  if (open < state->bracket_count - 1) return close_bracket_implicitly(lexer, state);
  state->bracket_count--;
  take(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, (enum Token)(CLOSE_BRACKET + kind));
}

/*
 * A string ends on its line. In GAS a backslash protects the quote, in NASM and MASM it doesn't; a string that has no
 * end under the rule of GAS is taken to end at the first protected quote.
 */
static bool scan_string(TSLexer *lexer, State *state, int32_t quote) {
  bool escapes = !is_intel(state) || quote == '`';
  bool candidate = false;
  take(lexer);
  while (!at_line_end(lexer)) {
    int32_t c = lexer->lookahead;
    take(lexer);
    if (c == quote) {
      lexer->mark_end(lexer);
      return emit(lexer, STRING);
    }
    if (c != '\\' || !escapes || at_line_end(lexer)) continue;
    bool quoted = lexer->lookahead == quote;
    take(lexer);
    if (quoted && !candidate) {
      lexer->mark_end(lexer);
      candidate = true;
    }
  }
  if (candidate) return emit(lexer, STRING);
  lexer->mark_end(lexer);
  return emit(lexer, UNPARSED);
}

/* `'`: a string, or one of GAS's character constants, which need no end: 'a '\n. */
static bool scan_apostrophe(TSLexer *lexer, State *state) {
  if (is_intel(state)) return scan_string(lexer, state, '\'');
  take(lexer);
  if (at_line_end(lexer)) {
    lexer->mark_end(lexer);
    return emit(lexer, UNPARSED);
  }
  int32_t first = lexer->lookahead;
  take(lexer);
  if (first == '\\' && !at_line_end(lexer)) take(lexer);
  lexer->mark_end(lexer);
  bool constant = first == '\\' || first == '\'' || lexer->lookahead == '\'';
  if (constant) {
    if (lexer->lookahead == '\'') take(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, CHARACTER);
  }
  if (state->dialect == GAS && !is_word(lexer->lookahead)) return emit(lexer, CHARACTER);
  while (lexer->lookahead != '\'' && !at_line_end(lexer)) take(lexer);
  if (lexer->lookahead != '\'') return emit(lexer, CHARACTER);
  take(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, STRING);
}

/* Behind a backslash: goes over the line end that it takes away, with the comment before it. */
static void take_continuation(TSLexer *lexer) {
  take_blanks(lexer);
  if (lexer->lookahead == ';') take_line(lexer);
  if (lexer->lookahead == '\r') take(lexer);
  if (lexer->lookahead == '\n') take(lexer);
}

/* MASM's `<text>`, with nesting, over lines that a backslash joins; angle brackets in double quotes count only if there is no other end. */
static bool scan_text_literal(TSLexer *lexer) {
  unsigned depth = 0, quoted_depth = 0;
  bool quoted = false, candidate = false;
  for (unsigned length = 0; length < 1024 && !at_line_end(lexer); length++) {
    int32_t c = lexer->lookahead;
    take(lexer);
    if (c == '!' && !at_line_end(lexer)) {
      take(lexer);
      continue;
    }
    if (c == '\\') take_continuation(lexer);
    if (c == '"') quoted = !quoted;
    if (c == '<') {
      depth++;
      if (!quoted) quoted_depth++;
    }
    if (c != '>') continue;
    bool closed = !quoted && --quoted_depth == 0;
    if (depth > 0 && --depth == 0 && !candidate) {
      lexer->mark_end(lexer);
      candidate = true;
    }
    if (closed) {
      lexer->mark_end(lexer);
      return emit(lexer, TEXT_LITERAL);
    }
  }
  if (candidate) return emit(lexer, TEXT_LITERAL);
  /* Giving up the whole line keeps a row of opening brackets from being searched once for each. */
  return take_unparsed(lexer);
}

/* `1b` and `1f`: the nearest numeric label backwards or forwards. In NASM and MASM 1b is a binary number. */
static bool scan_local_reference(TSLexer *lexer) {
  for (unsigned length = 0; length < 6 && is_digit(lexer->lookahead); length++) take(lexer);
  int32_t direction = lexer->lookahead;
  if (direction != 'b' && direction != 'f') return false;
  take(lexer);
  if (is_word(lexer->lookahead) && !is_eof(lexer)) return false;
  lexer->mark_end(lexer);
  return emit(lexer, LOCAL_REFERENCE);
}

static bool scan_dollar(TSLexer *lexer, State *state) {
  take(lexer);
  int32_t next = lexer->lookahead;
  bool certain = is_digit(next) || next == '(' || next == '\'' || next == '\\' || next == '%' || next == '"';
  bool likely = is_letter(next) || next == '-' || next == '+' || next == '~' || next == '.' || next == '$' || next == ':' || next == '!';
  if (!(certain || (likely && state->dialect == GAS))) return false;
  lexer->mark_end(lexer);
  return emit(lexer, IMMEDIATE_MARK);
}

static bool scan_literal(TSLexer *lexer) {
  take(lexer);
  if (lexer->lookahead == '=' || is_blank(lexer->lookahead) || at_line_end(lexer)) return false;
  lexer->mark_end(lexer);
  return emit(lexer, LITERAL_MARK);
}

/* The name behind `.macro`, `%define`, `cglobal` …; a comma or nothing may stand there instead. */
static bool scan_name(TSLexer *lexer, int32_t begun) {
  WordRead word;
  if (!begun && lexer->lookahead == '"') {
    take(lexer);
    while (lexer->lookahead != '"' && !at_line_end(lexer)) take(lexer);
    bool closed = lexer->lookahead == '"';
    if (closed) take(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, closed ? NAME : UNPARSED);
  }
  if (!read_word(lexer, &word, begun)) return false;
  if (!word.overrun) lexer->mark_end(lexer);
  return emit(lexer, NAME);
}

static bool scan_operand(TSLexer *lexer, State *state, const bool *valid, int32_t begun, bool blank) {
  int32_t c = begun ? begun : lexer->lookahead;
  bool expecting = valid[IMMEDIATE_MARK];
  if (valid[NAME] && (is_letter(c) || c == '.' || c == '%' || c == '&' || c == '\\' || c == '"' || c == '$' || c == '?' || c > 0x7f ||
                      (c == '@' && is_intel(state))))
    return scan_name(lexer, begun);
  if (begun) return false;
  switch (c) {
    case ';': return scan_semicolon(lexer, state, valid);
    case '/': take(lexer); return scan_slash_comment(lexer, state);
    case '#': return scan_hash_comment(lexer, state, valid, blank);
    case '@': return scan_at_comment(lexer, state, valid, blank);
    case '!': return scan_bang_comment(lexer, state, blank);
    case '[': return open_bracket(lexer, state, valid, 0);
    case '(': return open_bracket(lexer, state, valid, 1);
    case '{': return open_bracket(lexer, state, valid, 2);
    case ']': return valid[UNPARSED] && close_bracket(lexer, state, valid, 0);
    case ')': return valid[UNPARSED] && close_bracket(lexer, state, valid, 1);
    case '}': return valid[UNPARSED] && close_bracket(lexer, state, valid, 2);
    case '\'': return valid[STRING] && scan_apostrophe(lexer, state);
    case '"':
    case '`': return valid[STRING] && scan_string(lexer, state, c);
    case '<': return expecting && valid[UNPARSED] && state->dialect != GAS && state->dialect != NASM && scan_text_literal(lexer);
    case '=': return expecting && scan_literal(lexer);
    case '$': return expecting && !is_intel(state) && scan_dollar(lexer, state);
    default: break;
  }
  if (is_digit(c)) return valid[LOCAL_REFERENCE] && !is_intel(state) && scan_local_reference(lexer);
  return is_control(c) && valid[UNPARSED] && take_unparsed(lexer);
}

/* The prose behind TITLE and its like, up to a comment; blanks at the end do not count. */
static bool scan_text(TSLexer *lexer, State *state, const bool *valid, int32_t begun) {
  if (!begun && lexer->lookahead == ';') return scan_semicolon(lexer, state, valid);
  lexer->mark_end(lexer);
  while (!at_line_end(lexer) && lexer->lookahead != ';') {
    bool blank = is_blank(lexer->lookahead);
    take(lexer);
    if (!blank) lexer->mark_end(lexer);
  }
  return emit(lexer, TEXT);
}

/* What follows a C preprocessor word, over continued lines, up to a comment. */
static bool scan_preprocessor_text(TSLexer *lexer, State *state, const bool *valid, int32_t begun) {
  if (!begun && valid[NAME] && is_letter(lexer->lookahead)) {
    while (is_letter(lexer->lookahead) || is_digit(lexer->lookahead)) take(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, NAME);
  }
  if (valid[PATH] && (lexer->lookahead == '<' || lexer->lookahead == '"')) {
    int32_t close = lexer->lookahead == '<' ? '>' : '"';
    take(lexer);
    while (lexer->lookahead != close && !at_line_end(lexer)) take(lexer);
    if (lexer->lookahead == close) take(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, PATH);
  }
  bool quoted = false, empty = !begun, escaped = begun != 0;
  if (begun) lexer->mark_end(lexer);
  while (!is_eof(lexer) && (escaped || !is_newline(lexer->lookahead))) {
    int32_t c = lexer->lookahead;
    if (c == '/' && !quoted && !escaped) {
      take(lexer);
      if (lexer->lookahead == '/' || lexer->lookahead == '*') {
        if (!empty) return emit(lexer, PREPROCESSOR_TEXT);
        if (lexer->lookahead == '/') return take_line_comment(lexer);
        take(lexer);
        return take_block_comment(lexer, state, '*', '/');
      }
    } else {
      take(lexer);
    }
    if (c == '"' && !escaped) quoted = !quoted;
    if (c == '\n') quoted = false;
    if (!(escaped && c == '\r')) escaped = c == '\\' && !escaped;
    empty = false;
    if (!is_blank(c)) lexer->mark_end(lexer);
  }
  return emit(lexer, PREPROCESSOR_TEXT);
}

static bool scan_keyword(TSLexer *lexer) {
  if (lexer->lookahead == '=') {
    take(lexer);
    if (lexer->lookahead == '=') take(lexer);
  } else {
    while (is_word(lexer->lookahead) && !is_eof(lexer)) take(lexer);
  }
  lexer->mark_end(lexer);
  return emit(lexer, KEYWORD);
}

/* The file that an include names: quoted, in angle brackets, or bare with backslashes. */
static bool scan_path(TSLexer *lexer, State *state, int32_t begun) {
  int32_t c = begun ? begun : lexer->lookahead;
  if (c == ';') return take_line_comment(lexer);
  if (c == ',') return false;
  if (c == '/') {
    take(lexer);
    if (scan_slash_comment(lexer, state)) return true;
  }
  if (!begun && (c == '"' || c == '\'' || c == '<')) {
    int32_t close = c == '<' ? '>' : c;
    take(lexer);
    while (lexer->lookahead != close && !at_line_end(lexer)) take(lexer);
    if (lexer->lookahead == close) take(lexer);
  } else {
    while (!at_line_end(lexer) && !is_blank(lexer->lookahead) && lexer->lookahead != ';' && lexer->lookahead != ',') take(lexer);
  }
  lexer->mark_end(lexer);
  return emit(lexer, PATH);
}

#endif
