/*
 * What the scanner remembers from one token to the next. It is a function of the text before the token, so that an edit
 * re-reads exactly what it changes; it fits in the 24 bytes that tree-sitter keeps without an allocation.
 */
#ifndef ASM_STATE_H
#define ASM_STATE_H

#include "tokens.h"
#include "tree_sitter/parser.h"
#include <stdbool.h>
#include <stdint.h>

enum Dialect { UNKNOWN, GAS, INTEL, NASM, MASM }; /* INTEL: NASM or MASM, not yet known which */

enum Flag {
  MID_LINE = 1,            /* the line already holds a label or a statement */
  IMPLICITLY_CLOSED = 2,   /* a block was closed without its END: its line end is empty too */
  SEMICOLON_COMMENTS = 4,  /* a line that begins with `;` was seen */
  HASH_IMMEDIATES = 8,     /* `#4` was an operand */
  HASH_COMMENTS = 16,      /* `# text` came after a statement */
  AT_COMMENTS = 32,        /* `@ text` came after a statement */
  UNCLOSED_COMMENT = 64,   /* a comment without an end was seen: do not look for one again */
  AFTER_SEPARATOR = 128,   /* an earlier statement stands on this line */
};

#define BRACKETS_MAX 12
#define BLOCKS_MAX 8

typedef struct {
  uint8_t dialect;
  uint8_t flags;
  uint8_t bracket_count;
  uint8_t block_count;
  uint8_t pending; /* blocks that the END just read closes besides its own */
  uint16_t overflow; /* open blocks that were too deep to nest */
  uint8_t brackets[BRACKETS_MAX];
  struct {
    uint8_t kind;
    uint8_t name; /* hash of the name; 0 without one */
  } blocks[BLOCKS_MAX];
} State;

static unsigned write_state(const State *state, char *buffer) {
  unsigned size = 0;
  buffer[size++] = (char)(state->dialect | (state->bracket_count << 4));
  buffer[size++] = (char)state->flags;
  buffer[size++] = (char)(state->block_count | (state->pending << 4));
  buffer[size++] = (char)(state->overflow & 0xff);
  buffer[size++] = (char)(state->overflow >> 8);
  for (unsigned i = 0; i < state->block_count; i++) {
    buffer[size++] = (char)state->blocks[i].kind;
    buffer[size++] = (char)state->blocks[i].name;
  }
  /* Three kinds of bracket, two bits each. */
  for (unsigned i = 0; i < state->bracket_count; i += 4) {
    uint8_t packed = 0;
    for (unsigned j = 0; j < 4 && i + j < state->bracket_count; j++) packed |= (uint8_t)(state->brackets[i + j] << (2 * j));
    buffer[size++] = (char)packed;
  }
  return size;
}

static void read_state(State *state, const char *buffer, unsigned length) {
  *state = (State){0};
  if (length < 5) return;
  unsigned at = 0;
  state->dialect = (uint8_t)buffer[at] & 15;
  state->bracket_count = (uint8_t)buffer[at++] >> 4;
  state->flags = (uint8_t)buffer[at++];
  state->block_count = (uint8_t)buffer[at] & 15;
  state->pending = (uint8_t)buffer[at++] >> 4;
  state->overflow = (uint16_t)((uint8_t)buffer[at] | ((uint8_t)buffer[at + 1] << 8));
  at += 2;
  for (unsigned i = 0; i < state->block_count; i++) {
    state->blocks[i].kind = (uint8_t)buffer[at++];
    state->blocks[i].name = (uint8_t)buffer[at++];
  }
  for (unsigned i = 0; i < state->bracket_count; i++) {
    state->brackets[i] = ((uint8_t)buffer[at + i / 4] >> (2 * (i % 4))) & 3;
  }
}

/* The index of the block that an END of these kinds closes, or -1. Ends do not reach out of a macro or a repeat. */
static int block_to_close(const State *state, uint8_t kinds, uint8_t name) {
  for (int i = state->block_count - 1; i >= 0; i--) {
    uint8_t kind = state->blocks[i].kind;
    if ((kind & kinds) && (name == 0 || state->blocks[i].name == name)) return i;
    if (kind & (B_MACRO | B_REPEAT)) {
      bool past_repeat = kind == B_REPEAT && (kinds & B_MACRO);
      if (!past_repeat) return -1;
    }
  }
  return -1;
}

static inline bool has_flag(const State *state, uint8_t flag) { return (state->flags & flag) != 0; }

/* NASM and MASM: `;` comments, `//` and `#` without a meaning of their own. */
static inline bool is_intel(const State *state) { return state->dialect >= INTEL; }

/* True before the first label or statement of a line. */
static inline bool at_line_start(const State *state) { return !has_flag(state, MID_LINE | AFTER_SEPARATOR); }

static inline bool emit(TSLexer *lexer, enum Token token) {
  lexer->result_symbol = token;
  return true;
}

/* Ends the statement; the token's end must be marked already. */
static inline bool end_statement(TSLexer *lexer, State *state) {
  state->flags &= (uint8_t)~MID_LINE;
  state->flags |= AFTER_SEPARATOR;
  return emit(lexer, EOL);
}

/* Closes the innermost block without its END. Nothing may be marked behind the start of the token. */
static inline bool close_implicitly(TSLexer *lexer, State *state) {
  state->block_count--;
  if (state->pending > 0) state->pending--;
  state->flags |= IMPLICITLY_CLOSED;
  return emit(lexer, IMPLICIT_END);
}

static inline bool close_bracket_implicitly(TSLexer *lexer, State *state) {
  state->bracket_count--;
  return emit(lexer, UNCLOSED);
}

#endif
