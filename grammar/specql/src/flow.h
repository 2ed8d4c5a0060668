// Flow collections: `[a, b]` and `{a: b}`, over as many lines as stand deeper than their owner.
//
// Lines at or left of the owner continue a collection only if they begin with `]` or `}`, or look
// like neither an entry nor a bare word; else the collection is `unclosed`. A bracket that matches an
// outer collection closes the inner ones as `unclosed`, one that matches none is junk.
#ifndef SPECQL_FLOW_H_
#define SPECQL_FLOW_H_

static inline bool open_flow(State *state, TSLexer *lexer, bool is_mapping) {
  advance(lexer);
  mark_end(lexer);
  state->flow_kinds = state->flow_kinds << 1 | is_mapping;
  state->flow_count++;
  return emit(state, lexer, is_mapping ? FLOW_MAPPING_OPEN : FLOW_SEQUENCE_OPEN, INSIDE_LINE);
}

static inline bool close_flow(State *state, TSLexer *lexer, enum Token token) {
  state->flow_kinds >>= 1;
  state->flow_count--;
  return emit(state, lexer, token, INSIDE_LINE);
}

static inline bool scan_closing_bracket(State *state, TSLexer *lexer) {
  bool is_mapping = lexer->lookahead == '}';
  if ((state->flow_kinds & 1) == is_mapping) {
    advance(lexer);
    mark_end(lexer);
    return close_flow(state, lexer, is_mapping ? FLOW_MAPPING_CLOSE : FLOW_SEQUENCE_CLOSE);
  }
  for (int i = 1; i < state->flow_count; i++) {
    if ((state->flow_kinds >> i & 1) == is_mapping) return close_flow(state, lexer, UNCLOSED);
  }
  advance(lexer);
  mark_end(lexer);
  return emit(state, lexer, INVALID_TEXT, INSIDE_LINE);
}

// At the start of a line at or left of the owner: does it end the collection?
static inline bool line_ends_flow(TSLexer *lexer, int owner, uint32_t column) {
  int32_t c = lexer->lookahead;
  if (c == '#') {
    int next = column_after_comments(lexer);
    return next <= owner && lexer->lookahead != ']' && lexer->lookahead != '}';
  }
  if (c == '-' || c == '.') {
    advance(lexer);
    bool is_item = c == '-' && at_blank_or_end(lexer);
    return is_item || (column == 0 && is_document_marker(lexer, c, 1));
  }
  return read_entry(lexer, NOTHING_READ) != NO_KEY;
}

// Blanks and line ends before the next token of a collection.
static inline bool skip_in_flow(State *state, TSLexer *lexer, uint32_t *column) {
  bool passed_break = false;
  *column = 0;
  for (;;) {
    if (is_blank(lexer->lookahead)) {
      *column = column_after(*column, lexer->lookahead);
      skip(lexer);
    } else if (is_break(lexer->lookahead) && state->position != AFTER_KEY) {
      pass_break(lexer, true);
      *column = 0;
      passed_break = true;
    } else {
      return passed_break;
    }
  }
}

static inline bool scan_flow_colon(State *state, TSLexer *lexer) {
  if (lexer->lookahead != ':') return emit(state, lexer, MISSING_COLON, INSIDE_LINE);
  advance(lexer);
  mark_end(lexer);
  return emit(state, lexer, COLON, INSIDE_LINE);
}

static inline bool scan_flow(State *state, TSLexer *lexer) {
  uint32_t column;
  bool at_line_start = skip_in_flow(state, lexer, &column);
  if (state->position == AFTER_KEY) return scan_flow_colon(state, lexer);
  if (at_end(lexer)) return close_flow(state, lexer, UNCLOSED);
  int32_t c = lexer->lookahead;
  if (c == ']' || c == '}') return scan_closing_bracket(state, lexer);
  int owner = owner_column(state);
  bool may_end = (int)column <= owner || (column == 0 && (c == '-' || c == '.'));
  if (at_line_start && may_end && state->verdict == NO_VERDICT) {
    if (line_ends_flow(lexer, owner, column)) return close_flow(state, lexer, UNCLOSED);
    return emit_verdict(state, lexer, STAYS_IN_BLOCK);
  }
  if (c == '#') return scan_comment(state, lexer);
  if (c == ',') {
    // Before and behind it the scanner knows the same, so the parser's own lexer can read it.
    if (state->verdict == NO_VERDICT) return false;
    advance(lexer);
    mark_end(lexer);
    return emit(state, lexer, COMMA, INSIDE_LINE);
  }
  return scan_flow_value(state, lexer);
}

#endif
