/* Reading characters and words. None of it looks further than the line, and words stop being recorded at WORD_MAX. */
#ifndef ASM_READER_H
#define ASM_READER_H

#include "tree_sitter/parser.h"
#include "words.h"

static inline void take(TSLexer *lexer) { lexer->advance(lexer, false); }
static inline void skip(TSLexer *lexer) { lexer->advance(lexer, true); }
static inline bool is_eof(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0x1a || c == 0xfeff; }
static inline bool is_newline(int32_t c) { return c == '\n' || c == '\r'; }
static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static inline bool is_word(int32_t c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '$' || c == '?' || c == '@' || (c > 0x7f && c != 0xfeff);
}
static inline bool is_control(int32_t c) { return (c < 0x20 && !is_blank(c) && !is_newline(c)) || c == 0x7f; }
static inline int32_t lower(int32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
static bool at_line_end(TSLexer *lexer) { return is_newline(lexer->lookahead) || is_eof(lexer); }

static void take_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) take(lexer);
}

static void take_line(TSLexer *lexer) {
  while (!at_line_end(lexer)) take(lexer);
}

typedef struct {
  char text[WORD_MAX];  /* lower case, cut off when too long */
  char exact[WORD_MAX]; /* as written */
  unsigned length;
  uint8_t hash; /* of the whole word in lower case, never 0 */
  bool upper;   /* no lower-case letter in it */
  bool overrun; /* the lexer had to look one character too far */
} WordRead;

static void record(WordRead *word, int32_t c) {
  if (word->length + 1 < WORD_MAX) {
    word->text[word->length] = (char)lower(c < 0x80 ? c : '?');
    word->exact[word->length] = (char)(c < 0x80 ? c : '?');
    word->text[word->length + 1] = word->exact[word->length + 1] = 0;
  } else {
    word->text[0] = word->exact[0] = 0; /* too long to be a known word */
  }
  word->length++;
  if (c >= 'a' && c <= 'z') word->upper = false;
  word->hash = (uint8_t)(word->hash * 31 + lower(c));
}

static void take_enclosed(TSLexer *lexer, WordRead *word, int32_t close) {
  unsigned depth = 0;
  for (unsigned i = 0; i < 128 && !(lexer->lookahead == close && depth == 0) && !at_line_end(lexer); i++) {
    if (lexer->lookahead == '[') depth++;
    if (lexer->lookahead == ']' && depth > 0) depth--;
    record(word, lexer->lookahead);
    take(lexer);
  }
  if (lexer->lookahead == close) {
    record(word, close);
    take(lexer);
  }
}

/*
 * Reads a word with the substitutions glued to it: `\arg`, `\()`, `%1`, `%%x`, `%{1}`, `%[x]`, MASM's `&arg&`.
 * `begun` is a character that was taken already, or 0. Afterwards the lexer stands behind the word, or, when `overrun`,
 * one character further and the word's end is marked.
 */
static bool read_word(TSLexer *lexer, WordRead *word, int32_t begun) {
  word->text[0] = word->exact[0] = 0;
  word->length = 0;
  word->hash = 7;
  word->upper = true;
  word->overrun = false;
  int32_t c = begun;
  for (;;) {
    if (!c) {
      c = lexer->lookahead;
      bool special = c == '\\' || c == '%' || c == '&';
      if (!(is_word(c) || special) || is_eof(lexer)) break;
      if (special) lexer->mark_end(lexer);
      take(lexer);
    }
    int32_t next = lexer->lookahead;
    if (c == '\\') {
      if (next == '(') {
        record(word, c);
        take(lexer);
        if (lexer->lookahead == ')') take(lexer);
      } else if (is_letter(next) || next == '@' || next == '+') {
        record(word, c);
        take(lexer);
      } else {
        word->overrun = true;
        break;
      }
    } else if (c == '%') {
      if (next == '{') {
        take(lexer);
        take_enclosed(lexer, word, '}');
      } else if (next == '[') {
        take(lexer);
        take_enclosed(lexer, word, ']');
      } else if (is_word(next) || next == '%') {
        record(word, c);
      } else if (word->length == 0 && (next == '+' || next == '-' || next == '!' || next == '*')) {
        record(word, c);
        take(lexer);
      } else {
        word->overrun = true;
        break;
      }
    } else if (c == '&') {
      if (!is_word(next) && (word->length == 0 || next == '&')) {
        word->overrun = true;
        break;
      }
      record(word, c);
    } else {
      record(word, c);
    }
    c = 0;
  }
  if (word->hash == 0) word->hash = 1;
  return word->length > 0;
}

/* Reads the next word only to look at it: letters, digits and dots, in lower case, at most WORD_MAX. */
static unsigned peek_word(TSLexer *lexer, char *text) {
  unsigned length = 0;
  text[0] = 0;
  while (is_word(lexer->lookahead) && !is_eof(lexer)) {
    if (length + 1 >= WORD_MAX) {
      text[0] = 0;
      return length;
    }
    int32_t c = lower(lexer->lookahead);
    text[length++] = (char)(c < 0x80 ? c : '?');
    text[length] = 0;
    take(lexer);
  }
  return length;
}

static bool starts_with(const char *text, const char *prefix) {
  while (*prefix) if (*text++ != *prefix++) return false;
  return true;
}

static bool contains(const char *text, const char *part) {
  for (; *text; text++) if (starts_with(text, part)) return true;
  return false;
}

#endif
