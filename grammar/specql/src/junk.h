// What fits nothing, and comments. Both are extras: the parser takes them in every state, so the
// scanner always has something to emit, and a half line never disturbs what is pending around it.
#ifndef SPECQL_JUNK_H_
#define SPECQL_JUNK_H_

// To the end of the line without its trailing blanks, or to the comment that ends it.
static inline bool scan_rest_of_line(State *state, TSLexer *lexer, enum Token token,
                                     bool stop_at_comment) {
  bool after_blank = false;
  mark_end(lexer);
  while (!at_line_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (stop_at_comment && after_blank && c == '#') break;
    after_blank = is_blank(c);
    advance(lexer);
    if (!after_blank) mark_end(lexer);
  }
  return emit(state, lexer, token, INSIDE_LINE);
}

static inline bool scan_junk_line(State *state, TSLexer *lexer) {
  return scan_rest_of_line(state, lexer, INVALID_LINE, false);
}

static inline bool scan_junk_text(State *state, TSLexer *lexer) {
  return scan_rest_of_line(state, lexer, INVALID_TEXT, true);
}

static inline bool scan_comment(State *state, TSLexer *lexer) {
  pass_line(lexer);
  mark_end(lexer);
  lexer->result_symbol = COMMENT;
  state->after_extra = true;
  return true;
}

#endif
