// Block scalars: a header, then the indentation of each line, then an empty end.
//
// The text of a line is passed over as if it were space before the next token, so the node of the
// content minus its `indentation` children is the text that the scalar stands for: what injections
// and included ranges need.
#ifndef SPECQL_BLOCK_SCALARS_H_
#define SPECQL_BLOCK_SCALARS_H_

// The header behind its `|` or `>`: an indentation and a chomping mark in any order. Is it one?
static inline bool pass_block_header(TSLexer *lexer, uint8_t *indentation) {
  bool chomped = false;
  *indentation = 0;
  for (int i = 0; i < 2; i++) {
    int32_t c = lexer->lookahead;
    if ((c == '+' || c == '-') && !chomped) {
      chomped = true;
      advance(lexer);
    } else if (c >= '1' && c <= '9' && !*indentation) {
      *indentation = (uint8_t)(c - '0');
      advance(lexer);
    }
  }
  return at_blank_or_end(lexer);
}

static inline bool scan_block_header(State *state, TSLexer *lexer, uint8_t indentation) {
  mark_end(lexer);
  state->in_block_scalar = true;
  state->declared_indentation = indentation;
  return emit(state, lexer, BLOCK_HEADER, INSIDE_LINE);
}

static inline bool end_block_scalar(State *state, TSLexer *lexer) {
  state->in_block_scalar = false;
  state->in_block_line = false;
  state->text_indentation = 0;
  return emit(state, lexer, BLOCK_SCALAR_END, INSIDE_LINE);
}

// The least indentation of text: one more than the owner's column, and at the root one, as in PyYAML.
static inline int least_indentation(const State *state) {
  int owner = owner_column(state);
  return owner < 0 ? 1 : owner + 1;
}

// From the end of a line: the next line's indentation with the blank lines above it, or the end.
static inline bool scan_block_indentation(State *state, TSLexer *lexer) {
  int least = least_indentation(state), widest_blank = 0, indentation = -1;
  mark_end(lexer);
  if (state->text_indentation) {
    indentation = state->text_indentation;
  } else if (state->declared_indentation) {
    indentation = least + state->declared_indentation - 1;
  }
  while (is_break(lexer->lookahead)) {
    pass_break(lexer, false);
    int width = 0;
    while (lexer->lookahead == ' ' && (indentation < 0 || width < indentation)) {
      width++;
      advance(lexer);
    }
    if (at_line_end(lexer)) {
      if (width > widest_blank) widest_blank = width;
      continue;
    }
    if (indentation < 0) {
      indentation = width > widest_blank ? width : widest_blank;
      if (indentation < least) indentation = least;
    }
    if (width < indentation || indentation > MAX_COLUMN) break;
    mark_end(lexer);
    state->text_indentation = (uint16_t)indentation;
    state->in_block_line = true;
    return emit(state, lexer, INDENTATION, INSIDE_LINE);
  }
  return end_block_scalar(state, lexer);
}

// From the text of a line.
static inline bool scan_block_line(State *state, TSLexer *lexer) {
  while (!at_line_end(lexer)) skip(lexer);
  return scan_block_indentation(state, lexer);
}

// Behind the header: a comment, junk, or the line's end.
static inline bool scan_after_block_header(State *state, TSLexer *lexer, bool after_blank) {
  if (lexer->lookahead == '#' && after_blank) return scan_comment(state, lexer);
  if (!at_line_end(lexer)) return scan_junk_text(state, lexer);
  return scan_block_indentation(state, lexer);
}

#endif
