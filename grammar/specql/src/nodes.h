// What begins here, at the start of a line or behind a dash. Asked once for each value:
//
// - a key line begins a mapping;
// - an open quote or bracket begins a mapping with a junk line, since entries may stand below it;
// - plain text with a key line below it in the block begins a mapping (YAML forbids that as a scalar,
//   so nothing valid is lost); other text is a scalar;
// - what is followed by items at the column of its key is junk above that list.
#ifndef SPECQL_NODES_H_
#define SPECQL_NODES_H_

typedef enum { MAPPING_NODE, SCALAR_NODE, PROPERTIES_NODE, NO_NODE } Node;

// At a line at this column that is not deeper than the owner: is it an item of the owner, a key?
static inline bool items_follow(const State *state, TSLexer *lexer, uint32_t column) {
  if (state->block_count == 0) return false;
  const Block *block = &state->blocks[state->block_count - 1];
  if (block->kind != MAPPING || column != block->entry_column) return false;
  if (lexer->lookahead != '-') return false;
  advance(lexer);
  return at_blank_or_end(lexer);
}

// Does a key line stand among the deeper lines that follow? Else `column` is that of the line behind
// them.
static inline bool key_line_follows(TSLexer *lexer, int owner, uint32_t *column) {
  for (;;) {
    pass_line(lexer);
    if (!pass_to_deeper_line(lexer, owner, column)) return false;
    int32_t c = lexer->lookahead;
    if (c == '#') continue;
    bool may_be_marker = *column == 0 && (c == '-' || c == '.');
    if (may_be_marker && is_document_marker(lexer, c, 0)) return false;
    bool is_plain_line = may_be_marker || c == '-' || c == '?';
    bool is_keyed =
      is_plain_line ? line_has_colon(lexer) : read_entry(lexer, NOTHING_READ) == KEYED;
    if (is_keyed) return true;
  }
}

// The end of a line inside a flow collection, and comment lines below it. Does the collection go on?
static inline bool pass_flow_break(TSLexer *lexer, int owner, uint32_t *column) {
  bool deeper = pass_to_deeper_line(lexer, owner, column);
  while (lexer->lookahead == '#') {
    pass_line(lexer);
    deeper = pass_to_deeper_line(lexer, owner, column);
  }
  bool closes = lexer->lookahead == ']' || lexer->lookahead == '}';
  return (deeper || closes) && !at_document_marker(lexer, *column);
}

// Does the bracket that was read close before the block's lines end? Else `column` is that of the
// line behind them.
static inline bool flow_closes(TSLexer *lexer, int owner, uint32_t *column, bool *one_line) {
  enum { AFTER_BREAK_OR_BLANK, AFTER_TEXT, AFTER_QUOTED, AFTER_MARK } before = AFTER_MARK;
  uint32_t depth = 1;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_break(c)) {
      *one_line = false;
      if (!pass_flow_break(lexer, owner, column)) return false;
      before = AFTER_BREAK_OR_BLANK;
    } else if ((c == '"' || c == '\'') && before != AFTER_TEXT && before != AFTER_QUOTED) {
      Quoted quoted = pass_quoted(lexer, owner, false);
      if (!quoted.closed) return false;
      *one_line &= quoted.one_line;
      before = AFTER_QUOTED;
    } else if (c == '#' && before == AFTER_BREAK_OR_BLANK) {
      pass_line(lexer);
    } else {
      advance(lexer);
      if (c == '[' || c == '{') depth++;
      if ((c == ']' || c == '}') && --depth == 0) return true;
      // Without a blank behind it, a colon is text behind plain text.
      bool is_mark = is_flow_mark(c) || (c == ':' && before != AFTER_TEXT);
      before = is_blank(c) ? AFTER_BREAK_OR_BLANK : is_mark ? AFTER_MARK : AFTER_TEXT;
    }
  }
  return false;
}

// An open quote or bracket: a mapping may follow, or the items of the key.
static inline Node unclosed_node(const State *state, TSLexer *lexer, uint32_t column) {
  return items_follow(state, lexer, column) ? NO_NODE : MAPPING_NODE;
}

static inline Node flow_node(const State *state, TSLexer *lexer) {
  bool is_mapping = lexer->lookahead == '{';
  advance(lexer);
  // A template's `{% if … %}` is no collection.
  if (is_mapping && lexer->lookahead == '%') return NO_NODE;
  uint32_t column = 0;
  bool one_line = true;
  if (flow_closes(lexer, owner_column(state), &column, &one_line)) {
    bool is_key = one_line && key_if_colon_follows(lexer, COMPLEX_KEY).kind == KEYED;
    return is_key ? MAPPING_NODE : SCALAR_NODE;
  }
  return unclosed_node(state, lexer, column);
}

static inline Node quoted_node(const State *state, TSLexer *lexer) {
  Quoted quoted = pass_quoted(lexer, quoted_owner(state), false);
  if (!quoted.closed) return unclosed_node(state, lexer, quoted.column);
  if (!quoted.one_line && !quoted.goes_left) return SCALAR_NODE;
  return key_if_colon_follows(lexer, KEY).kind == KEYED ? MAPPING_NODE : SCALAR_NODE;
}

static inline Node alias_node(TSLexer *lexer) {
  advance(lexer);
  if (!pass_name(lexer, false)) return NO_NODE;
  return key_if_colon_follows(lexer, KEY).kind == KEYED ? MAPPING_NODE : SCALAR_NODE;
}

static inline Node properties_node(TSLexer *lexer) {
  bool any;
  bool before_something = pass_properties(lexer, &any);
  if (before_something && read_key(lexer, NULL, false, NOTHING_READ).kind == KEYED) {
    return MAPPING_NODE;
  }
  return any ? PROPERTIES_NODE : NO_NODE;
}

static inline Node plain_node(const State *state, TSLexer *lexer, Prefix prefix) {
  if (read_key(lexer, NULL, false, prefix).kind == KEYED) return MAPPING_NODE;
  uint32_t column;
  if (key_line_follows(lexer, owner_column(state), &column)) return MAPPING_NODE;
  return items_follow(state, lexer, column) ? NO_NODE : SCALAR_NODE;
}

static inline Node node_kind(const State *state, TSLexer *lexer, Prefix prefix) {
  if (prefix == FIRST_READ) return plain_node(state, lexer, prefix);
  int32_t c = lexer->lookahead;
  uint8_t indentation;
  switch (c) {
    case '|': case '>':
      advance(lexer);
      return pass_block_header(lexer, &indentation) ? SCALAR_NODE : NO_NODE;
    case '[': case '{':
      return flow_node(state, lexer);
    case '"': case '\'':
      return quoted_node(state, lexer);
    case '*':
      return alias_node(lexer);
    case '&': case '!':
      return properties_node(lexer);
    default:
      return begins_plain(c) ? plain_node(state, lexer, prefix) : NO_NODE;
  }
}

// The same where the document has its root: only entries of a mapping may still be meant.
static inline Node second_root_kind(TSLexer *lexer, Prefix prefix) {
  return read_entry(lexer, prefix) == KEYED ? MAPPING_NODE : NO_NODE;
}

#endif
