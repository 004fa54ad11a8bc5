/* What kind of statement begins here. */
#ifndef ASM_HEAD_H
#define ASM_HEAD_H

#include "comments.h"

static bool take_unparsed_line(TSLexer *lexer, State *state) {
  take_line(lexer);
  lexer->mark_end(lexer);
  state->flags |= MID_LINE;
  return emit(lexer, UNPARSED);
}

static bool emit_head(TSLexer *lexer, State *state, enum Token token) {
  state->flags |= MID_LINE;
  return emit(lexer, token);
}

static void hear(State *state, uint8_t voice) {
  if (voice == FOR_NASM && (state->dialect == UNKNOWN || state->dialect == INTEL)) state->dialect = NASM;
  if (voice == FOR_MASM && (state->dialect == UNKNOWN || state->dialect == INTEL)) state->dialect = MASM;
  if (voice == FOR_GAS && (state->dialect == UNKNOWN || state->dialect == INTEL)) state->dialect = GAS;
}

static bool open_block(TSLexer *lexer, State *state, enum Token token, enum Block kind, uint8_t name, enum Token flat) {
  if (state->block_count == BLOCKS_MAX || state->overflow > 0) {
    if (state->overflow < UINT16_MAX) state->overflow++;
    return emit_head(lexer, state, flat);
  }
  state->blocks[state->block_count].kind = (uint8_t)kind;
  state->blocks[state->block_count++].name = name;
  return emit_head(lexer, state, token);
}

static uint8_t block_of(enum Token token) {
  switch (token) {
    case MACRO: case NAMED_MACRO: return B_MACRO;
    case REPEAT: return B_REPEAT;
    case NAMED_PROCEDURE: return B_PROC;
    case STRUCTURE: case NAMED_STRUCTURE: return B_STRUCT;
    case NAMED_SEGMENT: return B_SEGMENT;
    case FUNCTION: case FUNCTION_CALL: return B_FUNCTION;
    default: return NO_BLOCK;
  }
}

/* An END with the keyword first. Blocks inside the one that it closes are closed before it, one token each. */
static bool close_block(TSLexer *lexer, State *state, const bool *valid, uint8_t kinds, bool overrun) {
  int block = state->overflow > 0 ? -1 : block_to_close(state, kinds, 0);
  if (block >= 0 && block < state->block_count - 1 && !overrun && valid[IMPLICIT_END]) return close_implicitly(lexer, state);
  if (!overrun) lexer->mark_end(lexer);
  if (state->overflow > 0) state->overflow--;
  if (block < 0) return emit_head(lexer, state, DIRECTIVE);
  state->block_count = (uint8_t)block;
  return emit_head(lexer, state, END);
}

/* `name ENDP`: by now the end is marked, so that blocks inside are closed behind it. */
static bool close_named_block(TSLexer *lexer, State *state, uint8_t kinds, uint8_t name) {
  int block = state->overflow > 0 ? -1 : block_to_close(state, kinds, name);
  if (state->overflow > 0) state->overflow--;
  if (block < 0) return emit_head(lexer, state, NAMED_DIRECTIVE);
  state->pending = (uint8_t)(state->block_count - 1 - block);
  state->block_count--;
  return emit_head(lexer, state, NAMED_END);
}

/* The C preprocessor's words, as far as this `#` line is one of its lines and not a comment that begins like one. */
static enum Token preprocessor_token(TSLexer *lexer, const char *word, bool spaced) {
  take_blanks(lexer);
  int32_t next = lexer->lookahead;
  bool name = next == '_' || (next >= 'A' && next <= 'Z');
  bool end = at_line_end(lexer) || next == '/';
  if (starts_with(word, "include")) return next == '<' || next == '"' || (!spaced && is_letter(next)) ? PREPROCESSOR_INCLUDE : COMMENT;
  if (compare_text(word, "define") == 0) return !spaced || name ? PREPROCESSOR_DEFINE : COMMENT;
  if (compare_text(word, "undef") == 0) return !spaced || name ? PREPROCESSOR : COMMENT;
  if (compare_text(word, "if") == 0 || compare_text(word, "elif") == 0) {
    bool condition = !spaced || name || next == '(' || next == '!' || is_digit(next);
    char operator[WORD_MAX] = "";
    if (!condition) peek_word(lexer, operator);
    condition = condition || compare_text(operator, "defined") == 0;
    return !condition ? COMMENT : word[0] == 'i' ? PREPROCESSOR_IF : PREPROCESSOR_ELSE;
  }
  if (compare_text(word, "ifdef") == 0 || compare_text(word, "ifndef") == 0) return !spaced || name ? PREPROCESSOR_IF : COMMENT;
  if (compare_text(word, "else") == 0) return !spaced || end ? PREPROCESSOR_ELSE : COMMENT;
  if (compare_text(word, "endif") == 0) return !spaced || end ? PREPROCESSOR_ENDIF : COMMENT;
  static const char OTHERS[][8] = {"error", "warning", "pragma", "line", "ident"};
  for (unsigned i = 0; i < 5; i++) if (!spaced && compare_text(word, OTHERS[i]) == 0) return PREPROCESSOR;
  return COMMENT;
}

static bool scan_hash_line(TSLexer *lexer, State *state) {
  take(lexer);
  bool spaced = is_blank(lexer->lookahead);
  take_blanks(lexer);
  char word[WORD_MAX];
  unsigned length = peek_word(lexer, word);
  lexer->mark_end(lexer);
  enum Token token = length > 0 ? preprocessor_token(lexer, word, spaced) : COMMENT;
  if (token != COMMENT) {
    if (state->dialect == UNKNOWN || state->dialect == INTEL) state->dialect = GAS;
    return emit_head(lexer, state, token);
  }
  if (state->dialect == NASM || state->dialect == MASM) return take_unparsed_line(lexer, state);
  if (state->dialect == UNKNOWN) state->dialect = GAS;
  return take_line_comment(lexer);
}

/* Behind `name(`: the rest of a label that a C macro makes, `L(name):`. */
static bool take_label_call(TSLexer *lexer) {
  unsigned depth = 0;
  for (unsigned length = 0; length < 160 && !at_line_end(lexer); length++) {
    int32_t c = lexer->lookahead;
    if (depth == 0 && !(c == '(' || is_word(c) || c == '\\')) return c == ':' && length > 0;
    take(lexer);
    if (c == '(') depth++;
    if (c == ')') depth--;
  }
  return false;
}

static const Word *first_word(const State *state, const WordRead *word, int32_t next) {
  static const Word SECTION_MACRO = {"section_", SECTION, SHARED, 0};
  static const Word CONDITION = {"%if", IF, FOR_NASM, 0};
  static const Word ALTERNATIVE = {"%elif", ELSE, FOR_NASM, 0};
  static const Word PERCENT = {"%", DIRECTIVE, FOR_NASM, 0};
  static const Word CALL_START = {"SYM_FUNC_START", FUNCTION_CALL, SHARED, 0};
  static const Word CALL_LABEL = {"SYM_INNER_LABEL", LABEL_CALL, SHARED, 0};
  static const Word CALL_END = {"SYM_FUNC_END", END, SHARED, B_FUNCTION};
  const Word *known = 0;
  if (word->text[0] == '.') return state->dialect == NASM ? 0 : FIND(DOT_WORDS, word->text);
  if (word->text[0] == '%') {
    known = FIND(PERCENT_WORDS, word->text);
    if (known) return known;
    if (starts_with(word->text, "%if")) return &CONDITION;
    if (starts_with(word->text, "%elif")) return &ALTERNATIVE;
    bool directive = word->text[1] >= 'a' && word->text[1] <= 'z' && state->dialect != GAS;
    return directive ? &PERCENT : 0;
  }
  if (next == '(') {
    if (starts_with(word->exact, "SYM_FUNC_START") || starts_with(word->exact, "SYM_CODE_START") ||
        starts_with(word->exact, "SYM_TYPED_FUNC_START")) return &CALL_START;
    if (compare_text(word->exact, "SYM_INNER_LABEL") == 0 || starts_with(word->exact, "SYM_DATA_START")) return &CALL_LABEL;
    if (starts_with(word->exact, "SYM_FUNC_END") || starts_with(word->exact, "SYM_CODE_END")) return &CALL_END;
    known = FIND(CALL_WORDS, word->exact);
    if (known) return known;
  } else if (state->dialect != MASM) {
    known = FIND(MACRO_WORDS, word->exact);
    if (known) return known;
  }
  if (state->dialect == GAS) return 0;
  if (starts_with(word->exact, "SECTION_") && next != '(') return &SECTION_MACRO;
  return FIND(PLAIN_WORDS, word->text);
}

/* Needs the blanks behind the first word taken; looks at the second word. */
static const Word *second_word(TSLexer *lexer, const State *state, const WordRead *first, char *text) {
  static const Word INSTANCE = {"<", NAMED_DATA, SHARED, 0};
  text[0] = 0;
  if (!is_letter(lexer->lookahead) && lexer->lookahead != '.') return 0;
  peek_word(lexer, text);
  if (!is_blank(lexer->lookahead) && !at_line_end(lexer) && lexer->lookahead != ';') return 0;
  const Word *known = FIND(SECOND_WORDS, text);
  if (state->dialect == GAS && (!known || known->voice != FOR_GAS)) return 0;
  if (is_instruction(first->text)) return 0;
  take_blanks(lexer);
  if (!known) return lexer->lookahead == '<' && state->dialect == MASM ? &INSTANCE : 0;
  if (known->token == NAMED_DATA) {
    /* `fld dword [x]`, `foo word ptr x` and `jmp label` hold sizes and names, not definitions. */
    bool size = text[0] != 'd' || text[1] == 'w';
    bool definition = text[0] == 'd' && text[2] == 0;
    if (at_line_end(lexer)) return definition ? known : 0;
    if (size && !definition && text[0] != 'r') {
      if (state->dialect == NASM || lexer->lookahead == '[' || lexer->lookahead == ',') return 0;
      char third[WORD_MAX];
      peek_word(lexer, third);
      if (compare_text(third, "ptr") == 0) return 0;
    }
  }
  return known;
}

static bool is_prefix_word(enum Token token) {
  return token == EXPORT || token == IMPORT || token == IF || token == ELSE || token == INCLUDE || token == STRUCTURE ||
         token == SECTION || token == EQUATE || token == MACRO || token == FUNCTION || token == FUNCTION_LABEL;
}

/* NASM lets a label go without its colon. True where that is likelier than an instruction or a macro. */
static bool is_bare_label(TSLexer *lexer, const State *state, const WordRead *word, const char *second, bool column_zero) {
  bool alone = second[0] == 0 && (at_line_end(lexer) || lexer->lookahead == ';');
  bool local = (word->text[0] == '.' && is_intel(state)) || (word->exact[0] == '%' && word->exact[1] == '%');
  bool before_code = second[0] != 0 && (is_instruction(second) || FIND(SECOND_WORDS, second));
  if (local) return alone || before_code;
  if (state->dialect != NASM || is_instruction(word->text) || word->text[0] == 0 || !(is_letter(word->text[0]) || word->text[0] == '?'))
    return false;
  return column_zero && (before_code || (alone && !word->upper));
}

static bool emit_known(TSLexer *lexer, State *state, const Word *known, const WordRead *word) {
  enum Token token = (enum Token)known->token;
  hear(state, known->voice);
  uint8_t kind = block_of(token);
  if (kind == NO_BLOCK) return emit_head(lexer, state, token);
  bool name_first = token == NAMED_MACRO || token == NAMED_PROCEDURE || token == NAMED_STRUCTURE || token == NAMED_SEGMENT;
  /* The same PROC under two branches of a condition is one procedure. */
  if (token == NAMED_PROCEDURE && block_to_close(state, B_PROC, word->hash) >= 0) return emit_head(lexer, state, NAMED_DIRECTIVE);
  return open_block(lexer, state, token, (enum Block)kind, name_first ? word->hash : 0, name_first ? NAMED_DIRECTIVE : DIRECTIVE);
}

static bool scan_masm_comment(TSLexer *lexer, State *state) {
  take_blanks(lexer);
  int32_t delimiter = lexer->lookahead;
  if (at_line_end(lexer) || is_letter(delimiter) || is_digit(delimiter) || delimiter == ':' || delimiter == '=' || delimiter == ',') return false;
  take(lexer);
  if (state->dialect == UNKNOWN || state->dialect == INTEL) state->dialect = MASM;
  return take_block_comment(lexer, state, delimiter, 0);
}

static bool is_segment_register(const char *text) {
  return text[0] && text[1] == 's' && text[2] == 0 && (text[0] == 'c' || text[0] == 'd' || text[0] == 'e' || text[0] == 'f' || text[0] == 'g' || text[0] == 's');
}

/*
 * MASM goes on behind a comma at the end of a line. Such a line stays a statement of its own, made of operands behind a
 * keyword without width. True when what begins here can be no statement; a number must already be read.
 */
static bool is_operand_line(TSLexer *lexer, const State *state, bool column_zero) {
  if (column_zero || !at_line_start(state) || (state->dialect != MASM && state->dialect != INTEL)) return false;
  int32_t c = lexer->lookahead;
  return at_line_end(lexer) || c == ',' || c == ';' || c == ')' || c == '>' || c == '}';
}

static bool scan_word(TSLexer *lexer, State *state, const bool *valid, int32_t begun, bool column_zero) {
  WordRead word;
  if (!read_word(lexer, &word, begun)) return take_unparsed_line(lexer, state);
  int32_t next = word.overrun ? 0 : lexer->lookahead;
  const Word *known = first_word(state, &word, next);
  bool function = known && (known->token == FUNCTION || known->token == FUNCTION_CALL);
  if (function && !word.overrun && valid[IMPLICIT_END] && block_to_close(state, B_FUNCTION, 0) >= 0) return close_implicitly(lexer, state);
  if (known && known->token == END && next != ':') {
    hear(state, known->voice);
    return close_block(lexer, state, valid, known->blocks, word.overrun);
  }
  if (is_digit(word.text[0]) && next != ':' && !word.overrun) {
    take_blanks(lexer);
    return is_operand_line(lexer, state, column_zero) ? emit_head(lexer, state, DIRECTIVE) : take_unparsed_line(lexer, state);
  }
  if (!word.overrun) lexer->mark_end(lexer);
  if (word.overrun) return emit_head(lexer, state, MNEMONIC);
  if (state->dialect != GAS && compare_text(word.text, "comment") == 0 && scan_masm_comment(lexer, state)) return true;
  if (next == '(') {
    if (known && known->token == FUNCTION_CALL) return emit_known(lexer, state, known, &word);
    if (take_label_call(lexer)) {
      lexer->mark_end(lexer);
      return emit_head(lexer, state, LABEL);
    }
    bool macro = known && (known->token == FUNCTION || known->token == FUNCTION_LABEL || known->token == DATA_LABEL);
    return known && !macro ? emit_known(lexer, state, known, &word) : emit_head(lexer, state, MNEMONIC);
  }
  take_blanks(lexer);
  next = lexer->lookahead;
  if (next == ':') {
    take(lexer);
    bool override = state->dialect != GAS && is_segment_register(word.text) && !at_line_end(lexer);
    return emit_head(lexer, state, override ? MNEMONIC : LABEL);
  }
  if (next == '=' && !(known && is_prefix_word((enum Token)known->token))) return emit_head(lexer, state, NAMED_EQUATE);
  if (known && is_prefix_word((enum Token)known->token)) {
    bool macro = known->token == FUNCTION || known->token == FUNCTION_LABEL;
    if (!macro || is_word(next) || next == '\\' || next == '%' || next == '&') return emit_known(lexer, state, known, &word);
    known = 0;
  }
  char second[WORD_MAX];
  const Word *defining = second_word(lexer, state, &word, second);
  if (defining) {
    if (defining->token == NAMED_END) {
      hear(state, defining->voice);
      return close_named_block(lexer, state, defining->blocks, word.hash);
    }
    return emit_known(lexer, state, defining, &word);
  }
  if (known) return emit_known(lexer, state, known, &word);
  if (is_bare_label(lexer, state, &word, second, column_zero)) return emit_head(lexer, state, BARE_LABEL);
  if (word.text[0] == '.') return emit_head(lexer, state, DIRECTIVE);
  /* The DOS sources' BREAK <title>. */
  if (next == '<' && compare_text(word.text, "break") == 0) return emit_head(lexer, state, TITLE);
  return emit_head(lexer, state, MNEMONIC);
}

/* NASM's `[bits 16]`: the bracket is gone over, so that the token is the word. */
static bool scan_bracketed(TSLexer *lexer, State *state) {
  skip(lexer);
  while (is_blank(lexer->lookahead)) skip(lexer);
  WordRead word;
  if (is_digit(lexer->lookahead) || !read_word(lexer, &word, 0)) return take_unparsed_line(lexer, state);
  if (!word.overrun) lexer->mark_end(lexer);
  hear(state, FOR_NASM);
  return emit_head(lexer, state, BRACKETED_DIRECTIVE);
}

/* An encoding prefix such as {evex}. */
static bool scan_braced_prefix(TSLexer *lexer, State *state) {
  take(lexer);
  unsigned length = 0;
  while (is_letter(lexer->lookahead) || is_digit(lexer->lookahead)) {
    take(lexer);
    length++;
  }
  if (length == 0 || lexer->lookahead != '}') return take_unparsed_line(lexer, state);
  take(lexer);
  lexer->mark_end(lexer);
  return emit_head(lexer, state, MNEMONIC);
}

/* A label in quotes, as GAS allows. */
static bool scan_quoted(TSLexer *lexer, State *state) {
  take(lexer);
  while (lexer->lookahead != '"' && !at_line_end(lexer)) take(lexer);
  if (lexer->lookahead != '"') return take_unparsed_line(lexer, state);
  take(lexer);
  lexer->mark_end(lexer);
  take_blanks(lexer);
  if (lexer->lookahead == ':') return emit_head(lexer, state, LABEL);
  if (lexer->lookahead == '=') return emit_head(lexer, state, NAMED_EQUATE);
  return take_unparsed_line(lexer, state);
}

static bool scan_at_line(TSLexer *lexer, State *state, const bool *valid, bool column_zero) {
  if (is_intel(state)) return scan_word(lexer, state, valid, 0, column_zero);
  take(lexer);
  bool comment = is_blank(lexer->lookahead) || at_line_end(lexer) || lexer->lookahead == '@';
  if (lexer->lookahead == '@') {
    take(lexer);
    comment = lexer->lookahead != ':';
    if (!comment) {
      lexer->mark_end(lexer);
      return emit_head(lexer, state, LABEL);
    }
  }
  if (!comment && state->dialect != GAS) return scan_word(lexer, state, valid, '@', column_zero);
  return take_line_comment(lexer);
}

/* MASM's expansion operator at the start of a line, `% IFDEF name`: it belongs to no statement. */
static bool scan_percent(TSLexer *lexer, State *state, const bool *valid, bool column_zero) {
  if (state->dialect == GAS) return scan_word(lexer, state, valid, 0, column_zero);
  take(lexer);
  if (!is_blank(lexer->lookahead)) return scan_word(lexer, state, valid, '%', column_zero);
  lexer->mark_end(lexer);
  hear(state, FOR_MASM);
  return emit(lexer, CONTINUATION);
}

/* `:name`, to which MASM's macro code goes by GOTO. */
static bool scan_colon(TSLexer *lexer, State *state) {
  take(lexer);
  take_blanks(lexer);
  if (state->dialect == GAS || state->dialect == NASM || !is_letter(lexer->lookahead)) return take_unparsed_line(lexer, state);
  char name[WORD_MAX];
  peek_word(lexer, name);
  lexer->mark_end(lexer);
  hear(state, FOR_MASM);
  return emit_head(lexer, state, DIRECTIVE);
}

static bool scan_head(TSLexer *lexer, State *state, const bool *valid, int32_t begun, bool blank) {
  bool first = at_line_start(state);
  bool column_zero = first && !blank;
  if (begun) return scan_word(lexer, state, valid, begun, column_zero);
  int32_t c = lexer->lookahead;
  switch (c) {
    case '%': return scan_percent(lexer, state, valid, column_zero);
    case ':': return scan_colon(lexer, state);
    case ';': return scan_semicolon(lexer, state, valid);
    case '#': return scan_hash_line(lexer, state);
    case '@': return scan_at_line(lexer, state, valid, column_zero);
    case '/':
      take(lexer);
      if (scan_slash_comment(lexer, state)) return true;
      return first && !is_intel(state) ? take_line_comment(lexer) : take_unparsed_line(lexer, state);
    case '*':
    case '|':
      return first ? take_line_comment(lexer) : take_unparsed_line(lexer, state);
    case '!':
      return is_intel(state) ? take_unparsed_line(lexer, state) : take_line_comment(lexer);
    case '[': return scan_bracketed(lexer, state);
    case '{': return scan_braced_prefix(lexer, state);
    case '"': return scan_quoted(lexer, state);
    default: break;
  }
  if (is_word(c) || c == '%' || c == '&') return scan_word(lexer, state, valid, 0, column_zero);
  return take_unparsed_line(lexer, state);
}

#endif
