// Blocks whose beginning can be told with the token above or before it.
//
// Most values that are blocks begin in the line below their colon, or behind their dash, with nothing
// odd between. Then the colon or the dash opens the block, which saves a token and a second look at the
// line. In every other case the block begins with a token of its own (lines.h); the trees are the same.
#ifndef SPECQL_BEGINS_H_
#define SPECQL_BEGINS_H_

// Does a dash that is read begin a mapping? `column` is the one behind it.
static inline bool begin_mapping_behind_dash(State *state, TSLexer *lexer, uint32_t column) {
  column = pass_spaces(lexer, column, false);
  return pass_certain_key(lexer) && open_block(state, MAPPING, column);
}

// Moves from the end of a line to the next content. False if a tab stands before it.
static inline bool pass_to_content(TSLexer *lexer, uint32_t *column) {
  do {
    pass_break(lexer, false);
    *column = pass_spaces(lexer, 0, false);
  } while (is_break(lexer->lookahead));
  return lexer->lookahead != '\t';
}

// The token of a colon whose character is read.
static inline enum Token colon_token(State *state, TSLexer *lexer) {
  uint32_t column;
  pass_blanks(lexer);
  if (!is_break(lexer->lookahead) || !pass_to_content(lexer, &column)) return COLON;
  if (lexer->lookahead == '-') {
    if (place(state, SEQUENCE, (int)column, true) != NEW_NODE) return COLON;
    advance(lexer);
    bool begins = at_blank_or_end(lexer) && open_block(state, SEQUENCE, column);
    return begins ? COLON_ABOVE_SEQUENCE : COLON;
  }
  if (place(state, MAPPING, (int)column, true) != NEW_NODE) return COLON;
  bool begins = pass_certain_key(lexer) && open_block(state, MAPPING, column);
  return begins ? COLON_ABOVE_MAPPING : COLON;
}

// Where the scanner stands behind a key whose colon, if it has one, is read. A colon between a key and
// a value in its line is left to the parser's own lexer, whose tokens cost less than those of a
// scanner; but then the value may not begin with another one.
static inline Position position_after_key(TSLexer *lexer, KeyKind kind) {
  if (kind != KEYED) return AFTER_KEY;
  pass_blanks(lexer);
  bool is_value = !at_line_end(lexer) && lexer->lookahead != '#' && lexer->lookahead != ':';
  return is_value ? BEFORE_LINE_VALUE : AFTER_KEY;
}

static inline bool scan_colon(State *state, TSLexer *lexer) {
  if (lexer->lookahead != ':') return emit(state, lexer, MISSING_COLON, INSIDE_LINE);
  advance(lexer);
  mark_end(lexer);
  return emit(state, lexer, colon_token(state, lexer), INSIDE_LINE);
}

#endif
