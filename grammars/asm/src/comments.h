/*
 * Which character begins a comment depends on the dialect, and the dialect has to be learnt from the text:
 *   ;   NASM, MASM and some GAS targets; elsewhere in GAS it separates statements. A line that begins with it decides.
 *   #   GAS for x86 and others; on ARM an immediate, and at the start of a line a comment or the C preprocessor.
 *   //  GAS; in NASM a division.   @  GAS for 32-bit ARM.   !  GAS for SPARC.   / * |  some others, at the start of a line.
 */
#ifndef ASM_COMMENTS_H
#define ASM_COMMENTS_H

#include "reader.h"
#include "state.h"

static bool take_line_comment(TSLexer *lexer) {
  take_line(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, COMMENT);
}

/*
 * Takes a comment that ends with `first` and, unless 0, `second`. One without an end is given its own line only, and
 * the end is not sought again, because that would cost the rest of the file for each such line.
 */
static bool take_block_comment(TSLexer *lexer, State *state, int32_t first, int32_t second) {
  if (has_flag(state, UNCLOSED_COMMENT)) return take_line_comment(lexer);
  bool marked = false;
  for (;;) {
    if (is_eof(lexer)) {
      if (!marked) lexer->mark_end(lexer);
      state->flags |= UNCLOSED_COMMENT;
      return emit(lexer, COMMENT);
    }
    int32_t c = lexer->lookahead;
    if (is_newline(c) && !marked) {
      lexer->mark_end(lexer);
      marked = true;
    }
    take(lexer);
    if (c == first && (second == 0 || lexer->lookahead == second)) {
      if (second) take(lexer);
      break;
    }
  }
  if (second == 0) take_line(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, COMMENT);
}

static bool scan_semicolon(TSLexer *lexer, State *state, const bool *valid) {
  if (at_line_start(state)) {
    state->flags |= SEMICOLON_COMMENTS;
    if (state->dialect == UNKNOWN) state->dialect = INTEL;
    return take_line_comment(lexer);
  }
  if (has_flag(state, SEMICOLON_COMMENTS) || state->dialect != GAS) return take_line_comment(lexer);
  /* Statements handed to a C macro, `__stringify(lfence; jmp *%rax)`, are one operand. */
  if (state->bracket_count > 0 && valid[UNCLOSED]) return false;
  if (!valid[EOL]) return take_line_comment(lexer);
  take(lexer);
  lexer->mark_end(lexer);
  return end_statement(lexer, state);
}

/* At the character behind a `/` that was taken. */
static bool scan_slash_comment(TSLexer *lexer, State *state) {
  if (lexer->lookahead == '*' && !is_intel(state)) {
    take(lexer);
    if (state->dialect == UNKNOWN) state->dialect = GAS;
    return take_block_comment(lexer, state, '*', '/');
  }
  if (lexer->lookahead == '/' && state->dialect != NASM) {
    if (state->dialect == UNKNOWN) state->dialect = GAS;
    return take_line_comment(lexer);
  }
  return false;
}

/* A prose word follows, and another word after it: what a comment looks like and an operand does not. */
static bool is_prose(TSLexer *lexer) {
  char text[WORD_MAX];
  if (peek_word(lexer, text) == 0 || !is_blank(lexer->lookahead)) return false;
  take_blanks(lexer);
  return is_letter(lexer->lookahead);
}

/* `#` behind a mnemonic or among operands. False: it is an operator or an immediate, for the caller to read. */
static bool scan_hash_comment(TSLexer *lexer, State *state, const bool *valid, bool blank) {
  if (is_intel(state) && !has_flag(state, HASH_COMMENTS)) return false;
  take(lexer);
  int32_t next = lexer->lookahead;
  bool expecting = valid[IMMEDIATE_MARK];
  bool separate = is_blank(next) || at_line_end(lexer);
  bool value = is_digit(next) || next == '\\' || next == '-' || next == '(' || next == '+' || next == '\'';
  if (expecting && !separate) {
    bool comment = !value && (has_flag(state, HASH_COMMENTS) || next == '#');
    if (!comment) {
      lexer->mark_end(lexer);
      if (is_letter(next) && !has_flag(state, HASH_IMMEDIATES) && is_prose(lexer)) comment = true;
    }
    if (!comment) {
      state->flags |= HASH_IMMEDIATES;
      return emit(lexer, IMMEDIATE_MARK);
    }
  } else if (expecting && separate && (state->bracket_count > 0 || has_flag(state, HASH_IMMEDIATES)) && !has_flag(state, HASH_COMMENTS)) {
    lexer->mark_end(lexer);
    take_blanks(lexer);
    bool name = is_word(lexer->lookahead) && !is_digit(lexer->lookahead);
    if (name ? state->bracket_count > 0 : is_digit(lexer->lookahead) || lexer->lookahead == '-' || lexer->lookahead == '(' || lexer->lookahead == '\\')
      return emit(lexer, IMMEDIATE_MARK);
  } else if (value && has_flag(state, HASH_IMMEDIATES) && !has_flag(state, HASH_COMMENTS)) {
    return false;
  }
  if (separate && blank) state->flags |= HASH_COMMENTS;
  if (state->dialect == UNKNOWN) state->dialect = GAS;
  return take_line_comment(lexer);
}

/* The words that GAS writes behind an at sign: section and symbol types. */
static bool is_type_word(const char *text) {
  static const char TYPES[][24] = {"function", "object", "progbits", "nobits", "note", "notype", "common", "tls_object",
                                   "init_array", "fini_array", "preinit_array", "unwind", "gnu_indirect_function"};
  for (unsigned i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) if (compare_text(text, TYPES[i]) == 0) return true;
  return false;
}

/* `@` among operands: a comment in GAS for ARM, else part of a name. */
static bool scan_at_comment(TSLexer *lexer, State *state, const bool *valid, bool blank) {
  if (is_intel(state)) return false;
  take(lexer);
  bool separate = is_blank(lexer->lookahead) || at_line_end(lexer) || lexer->lookahead == '@';
  if (!separate) {
    if (valid[IMMEDIATE_MARK] || !(blank || has_flag(state, AT_COMMENTS))) return false;
    char text[WORD_MAX];
    peek_word(lexer, text);
    if (is_type_word(text)) return false;
  } else if (!blank && !has_flag(state, AT_COMMENTS)) {
    return false;
  }
  if (separate) state->flags |= AT_COMMENTS;
  if (state->dialect == UNKNOWN) state->dialect = GAS;
  return take_line_comment(lexer);
}

/* `!` among operands: a comment in GAS for SPARC, else an operator (`[sp, #-16]!`, `r0!, {r1}`). */
static bool scan_bang_comment(TSLexer *lexer, State *state, bool blank) {
  if (is_intel(state) || !blank) return false;
  take(lexer);
  if (is_letter(lexer->lookahead)) return take_line_comment(lexer);
  if (!is_blank(lexer->lookahead)) return false;
  take_blanks(lexer);
  if (lexer->lookahead == ',' || at_line_end(lexer)) return false;
  return take_line_comment(lexer);
}

#endif
