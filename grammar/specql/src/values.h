// The value that stands in this line: a scalar, a property, or the opening of a flow collection.
#ifndef SPECQL_VALUES_H_
#define SPECQL_VALUES_H_

static inline bool open_flow(State *state, TSLexer *lexer, bool is_mapping);

static inline enum Token quoted_token(int32_t quote, bool closed) {
  if (quote == '"') return closed ? DOUBLE_QUOTED : UNCLOSED_DOUBLE_QUOTED;
  return closed ? SINGLE_QUOTED : UNCLOSED_SINGLE_QUOTED;
}

// --- in a block ---

// What is known of the line that is ahead: if it ends the innermost block and begins with a dash or a
// key, it need not be read again for that.
static inline Position position_above_line(State *state, TSLexer *lexer, uint32_t column) {
  if (lexer->lookahead == '-') {
    bool ends_block = place(state, SEQUENCE, (int)column, false) == BEHIND_BLOCK;
    if (!ends_block || !is_enclosing_column(state, SEQUENCE, (int)column)) return INSIDE_LINE;
    advance(lexer);
    return at_blank_or_end(lexer) ? BEFORE_DASH_LINE : INSIDE_LINE;
  }
  bool ends_block = place(state, MAPPING, (int)column, false) == BEHIND_BLOCK;
  if (!ends_block || !pass_certain_key(lexer)) return INSIDE_LINE;
  return block_below(state, lexer, (int)column) < 0 ? BEFORE_KEY_LINE : INSIDE_LINE;
}

static inline bool scan_plain(State *state, TSLexer *lexer) {
  uint32_t column = 0;
  bool before_line = pass_plain_in_block(lexer, owner_column(state), &column);
  Position position = before_line ? position_above_line(state, lexer, column) : INSIDE_LINE;
  return emit_at(state, lexer, PLAIN_SCALAR, position, column);
}

static inline bool scan_quoted(State *state, TSLexer *lexer) {
  int32_t quote = lexer->lookahead;
  bool closed = pass_quoted(lexer, quoted_owner(state), true).closed;
  return emit(state, lexer, quoted_token(quote, closed), INSIDE_LINE);
}

// `&name` or `*name`.
static inline bool scan_named(State *state, TSLexer *lexer, enum Token token) {
  advance(lexer);
  if (!pass_name(lexer, false)) return scan_junk_text(state, lexer);
  mark_end(lexer);
  return emit(state, lexer, token, INSIDE_LINE);
}

static inline bool scan_tag(State *state, TSLexer *lexer) {
  advance(lexer);
  pass_tag(lexer, false);
  mark_end(lexer);
  return emit(state, lexer, TAG, INSIDE_LINE);
}

static inline bool scan_value(State *state, TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  uint8_t indentation;
  switch (c) {
    case '"': case '\'':
      return scan_quoted(state, lexer);
    case '[': case '{':
      return open_flow(state, lexer, c == '{');
    case '|': case '>':
      advance(lexer);
      if (!pass_block_header(lexer, &indentation)) return scan_junk_text(state, lexer);
      return scan_block_header(state, lexer, indentation);
    case '&':
      return scan_named(state, lexer, ANCHOR);
    case '*':
      return scan_named(state, lexer, ALIAS);
    case '!':
      return scan_tag(state, lexer);
    case '-': case '?': case ':':
      advance(lexer);
      if (at_blank_or_end(lexer)) return scan_junk_text(state, lexer);
      mark_end(lexer);
      return scan_plain(state, lexer);
    default:
      return begins_plain(c) ? scan_plain(state, lexer) : scan_junk_text(state, lexer);
  }
}

// --- in a flow collection, where a value may turn out to be a key ---

static inline bool scan_flow_junk(State *state, TSLexer *lexer) {
  mark_end(lexer);
  return emit(state, lexer, INVALID_TEXT, INSIDE_LINE);
}

static inline bool scan_flow_plain(State *state, TSLexer *lexer) {
  bool is_key = pass_plain_in_flow(lexer, owner_column(state));
  if (is_key) return emit(state, lexer, KEY, AFTER_KEY);
  return emit(state, lexer, PLAIN_SCALAR, INSIDE_LINE);
}

static inline bool scan_flow_quoted(State *state, TSLexer *lexer) {
  int32_t quote = lexer->lookahead;
  Quoted quoted = pass_quoted(lexer, quoted_owner(state), true);
  if (quoted.closed && quoted.one_line) {
    pass_blanks(lexer);
    enum Token key = quote == '"' ? DOUBLE_QUOTED_KEY : SINGLE_QUOTED_KEY;
    if (lexer->lookahead == ':') return emit(state, lexer, key, AFTER_KEY);
  }
  return emit(state, lexer, quoted_token(quote, quoted.closed), INSIDE_LINE);
}

static inline bool scan_flow_named(State *state, TSLexer *lexer) {
  bool is_anchor = lexer->lookahead == '&';
  advance(lexer);
  if (!pass_name(lexer, true)) return scan_flow_junk(state, lexer);
  mark_end(lexer);
  if (is_anchor) return emit(state, lexer, ANCHOR, INSIDE_LINE);
  bool is_key = key_if_colon_follows(lexer, ALIAS_KEY).kind == KEYED;
  return is_key ? emit(state, lexer, ALIAS_KEY, AFTER_KEY) : emit(state, lexer, ALIAS, INSIDE_LINE);
}

// `-`, `?` or `:`, alone or as the first character of plain text.
static inline bool scan_flow_indicator(State *state, TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  advance(lexer);
  mark_end(lexer);
  // A dash is text before a bracket, too.
  bool is_alone = at_blank_or_end(lexer) || (c != '-' && is_flow_mark(lexer->lookahead));
  if (!is_alone) return scan_flow_plain(state, lexer);
  enum Token token = c == '?' ? FLOW_QUESTION : c == ':' ? FLOW_COLON : INVALID_TEXT;
  return emit(state, lexer, token, INSIDE_LINE);
}

// A bracket beyond the cap, and the brackets behind it.
static inline bool scan_deep_brackets(State *state, TSLexer *lexer) {
  while (lexer->lookahead == '[' || lexer->lookahead == '{') advance(lexer);
  return scan_flow_junk(state, lexer);
}

static inline bool scan_flow_value(State *state, TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  switch (c) {
    case '"': case '\'':
      return scan_flow_quoted(state, lexer);
    case '[': case '{':
      if (state->flow_count >= MAX_FLOWS) return scan_deep_brackets(state, lexer);
      return open_flow(state, lexer, c == '{');
    case '&': case '*':
      return scan_flow_named(state, lexer);
    case '!':
      advance(lexer);
      pass_tag(lexer, true);
      mark_end(lexer);
      return emit(state, lexer, TAG, INSIDE_LINE);
    case '-': case '?': case ':':
      return scan_flow_indicator(state, lexer);
    default:
      if (begins_plain(c)) return scan_flow_plain(state, lexer);
      advance(lexer);
      return scan_flow_junk(state, lexer);
  }
}

#endif
