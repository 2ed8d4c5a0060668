// Ends of blocks: empty tokens behind the last content.
//
// The mapping of an item most often ends where the next item begins, or where its list ends too. Then
// one token tells both (`NEXT_DASH`, `TWO_BLOCK_ENDS`), but not behind a comment or junk, which would
// leave the mapping that has no end of its own: extras at the end of a node are moved behind it.
#ifndef SPECQL_ENDS_H_
#define SPECQL_ENDS_H_

// Is the innermost block the mapping of an item, ended by a token of its list?
static inline bool may_end_with_list(const State *state) {
  const Block *list = outer_block(state);
  return list && list->kind == SEQUENCE && !state->after_extra &&
         state->blocks[state->block_count - 1].kind == MAPPING;
}

// The same for a dash at a column.
static inline bool ends_at_dash(const State *state, uint32_t column) {
  return may_end_with_list(state) && outer_block(state)->column == column;
}

// Ends the innermost block.
static inline bool close_block(State *state, TSLexer *lexer) {
  state->block_count--;
  return emit(state, lexer, BLOCK_END, INSIDE_LINE);
}

// Ends the innermost block at the end of the text, where all others end as well.
static inline bool close_block_at_end(State *state, TSLexer *lexer) {
  bool ends_list = may_end_with_list(state);
  state->block_count -= ends_list ? 2 : 1;
  return emit(state, lexer, ends_list ? TWO_BLOCK_ENDS : BLOCK_END, INSIDE_LINE);
}

// Ends the innermost block above a line whose column and kind of entry are known.
static inline bool close_block_above(State *state, TSLexer *lexer, Position line, uint32_t column) {
  BlockKind kind = line == BEFORE_KEY_LINE ? MAPPING : SEQUENCE;
  bool may_end_list = may_end_with_list(state);
  state->block_count--;
  bool ends_list = may_end_list && place(state, kind, (int)column, false) == BEHIND_BLOCK;
  if (ends_list) state->block_count--;
  return emit_at(state, lexer, ends_list ? TWO_BLOCK_ENDS : BLOCK_END, line, column);
}

// The same where the end may have been marked at the content of the next line.
static inline bool close_block_at(State *state, TSLexer *lexer, uint32_t column) {
  state->block_count--;
  return emit_at(state, lexer, BLOCK_END, LINE_START, column);
}

#endif
