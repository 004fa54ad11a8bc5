/*
 * The scanner of the asm grammar. `head.h` says what kind of statement begins here, `operands.h` reads what follows,
 * `comments.h` knows which characters begin a comment in which dialect.
 */
#include "tree_sitter/alloc.h"

#include "comments.h"
#include "head.h"
#include "operands.h"
#include "reader.h"
#include "state.h"

/*
 * Goes over blanks. A backslash that continues the line becomes a token, because the generated lexer could not tell it
 * from an operator; of another backslash it returns the character, which is then already taken.
 */
static int32_t skip_blanks(TSLexer *lexer, const State *state, bool *blank, bool *continued) {
  while (is_blank(lexer->lookahead)) {
    *blank = true;
    skip(lexer);
  }
  if (lexer->lookahead != '\\') return 0;
  take(lexer);
  for (unsigned blanks = 0; blanks < 64 && is_blank(lexer->lookahead); blanks++) take(lexer);
  /* MASM lets a comment follow the backslash. */
  if (lexer->lookahead == ';' && (state->dialect == MASM || state->dialect == INTEL)) take_line(lexer);
  if (lexer->lookahead == '\r') take(lexer);
  if (lexer->lookahead != '\n') return '\\';
  take(lexer);
  lexer->mark_end(lexer);
  *continued = true;
  return '\\';
}

/* DOS pads the end of a file with NUL; such a run ends the statement. */
static bool scan_padding(TSLexer *lexer, State *state, const bool *valid) {
  while ((lexer->lookahead == 0 || is_blank(lexer->lookahead) || is_newline(lexer->lookahead)) && !is_eof(lexer)) take(lexer);
  if (valid[EOL] && is_eof(lexer) && state->bracket_count == 0) {
    lexer->mark_end(lexer);
    state->flags &= (uint8_t)~(MID_LINE | AFTER_SEPARATOR);
    return emit(lexer, EOL);
  }
  if (valid[MNEMONIC]) return take_unparsed_line(lexer, state);
  return take_unparsed(lexer);
}

static bool at_end_of_file(TSLexer *lexer, State *state, const bool *valid) {
  if (state->bracket_count > 0 && valid[UNCLOSED]) return close_bracket_implicitly(lexer, state);
  if (has_flag(state, MID_LINE) && valid[EOL]) return end_statement(lexer, state);
  if (state->block_count > 0 && valid[IMPLICIT_END]) return close_implicitly(lexer, state);
  return false;
}

static bool at_newline(TSLexer *lexer, State *state, const bool *valid) {
  if (state->bracket_count > 0 && valid[UNCLOSED]) return close_bracket_implicitly(lexer, state);
  if (!valid[EOL]) return false;
  /* Empty lines belong to the same token, but not the blanks before the next statement: its column counts. */
  while (is_newline(lexer->lookahead)) {
    take(lexer);
    lexer->mark_end(lexer);
    take_blanks(lexer);
  }
  state->flags &= (uint8_t)~(MID_LINE | AFTER_SEPARATOR);
  return emit(lexer, EOL);
}

static bool scan(State *state, TSLexer *lexer, const bool *valid) {
  if (valid[ERROR_SENTINEL]) return false;
  if (has_flag(state, IMPLICITLY_CLOSED) && valid[EOL]) {
    state->flags &= (uint8_t)~IMPLICITLY_CLOSED;
    lexer->mark_end(lexer);
    return end_statement(lexer, state);
  }
  bool blank = false;
  bool continued = false;
  int32_t begun = skip_blanks(lexer, state, &blank, &continued);
  if (continued) return emit(lexer, CONTINUATION);
  lexer->mark_end(lexer);
  if (!begun) {
    if (is_eof(lexer)) return at_end_of_file(lexer, state, valid);
    if (is_newline(lexer->lookahead)) return at_newline(lexer, state, valid);
    if (lexer->lookahead == 0 && valid[UNPARSED]) return scan_padding(lexer, state, valid);
  }
  if (state->pending > 0 && valid[IMPLICIT_END]) return close_implicitly(lexer, state);
  if (valid[MNEMONIC]) return scan_head(lexer, state, valid, begun, blank);
  if (valid[PREPROCESSOR_TEXT]) return scan_preprocessor_text(lexer, state, valid, begun);
  if (valid[TEXT]) return scan_text(lexer, state, valid, begun);
  if (valid[KEYWORD]) return scan_keyword(lexer);
  if (valid[PATH]) return scan_path(lexer, state, begun);
  return scan_operand(lexer, state, valid, begun, blank);
}

void *tree_sitter_asm_external_scanner_create(void) { return ts_calloc(1, sizeof(State)); }

void tree_sitter_asm_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_asm_external_scanner_serialize(void *payload, char *buffer) { return write_state(payload, buffer); }

void tree_sitter_asm_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  read_state(payload, buffer, length);
}

bool tree_sitter_asm_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  return scan(payload, lexer, valid_symbols);
}
