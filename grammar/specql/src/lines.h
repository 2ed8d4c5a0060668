// A line's start, or the content behind a dash: the one place that opens and closes blocks.
#ifndef SPECQL_LINES_H_
#define SPECQL_LINES_H_

// The content that stands here. `prefix` says whether its first character has been read.
typedef struct {
  uint32_t column;
  bool has_tab; // in its indentation
  Prefix prefix;
} Line;

// A comment at the start of a line belongs to the block that holds its column. Left of the innermost
// block it does only if the block goes on behind the comments; the verdict keeps that look linear.
static inline bool scan_comment_line(State *state, TSLexer *lexer, uint32_t column) {
  Block *block = innermost(state);
  if (!block || column >= block->entry_column || state->verdict != NO_VERDICT) {
    return scan_comment(state, lexer);
  }
  int parent = parent_column(state);
  int next = column_after_comments(lexer);
  bool next_is_item =
    block->kind == SEQUENCE && next == block->column && lexer->lookahead == '-';
  if (next <= parent && !next_is_item) return close_block(state, lexer);
  return emit_verdict(state, lexer, STAYS_IN_BLOCK);
}

static inline bool open_block_with(State *state, TSLexer *lexer, enum Token token,
                                   uint32_t column) {
  BlockKind kind = token == MAPPING_START ? MAPPING : SEQUENCE;
  if (!open_block(state, kind, column)) return scan_junk_line(state, lexer);
  return emit_at(state, lexer, token, LINE_START, column);
}

static inline bool scan_misindented(State *state, TSLexer *lexer, const Line *line) {
  return emit_at(state, lexer, MISINDENTED, AFTER_MISINDENTED, line->column);
}

// An item without its dash stands as if the dash were left of it.
static inline bool scan_missing_dash(State *state, TSLexer *lexer, const Line *line) {
  if (line->column == 0) return scan_junk_line(state, lexer);
  innermost(state)->entry_column = (uint16_t)(line->column - 1);
  return emit_at(state, lexer, MISSING_DASH, AFTER_DASH, line->column);
}

static inline bool is_marked_next(const State *state, const Line *line, Placement placement) {
  bool is_odd = placement == MISPLACED_ENTRY || line->has_tab;
  return is_odd && state->position != AFTER_MISINDENTED;
}

// A dash whose character is read; `ends_item` if the mapping of the item before it has no end yet.
static inline bool scan_dash(State *state, TSLexer *lexer, const Line *line, bool ends_item) {
  uint32_t column = line->column + 1;
  mark_end(lexer);
  innermost(state)->entry_column = (uint16_t)line->column;
  bool begins_mapping = begin_mapping_behind_dash(state, lexer, column);
  enum Token token = begins_mapping ? (ends_item ? NEXT_DASH_BEFORE_MAPPING : DASH_BEFORE_MAPPING)
                                    : (ends_item ? NEXT_DASH : DASH);
  return emit_at(state, lexer, token, AFTER_DASH, column);
}

// A dash left of the innermost block.
static inline bool scan_dash_behind_block(State *state, TSLexer *lexer, const Line *line) {
  if (!line->has_tab && ends_at_dash(state, line->column)) {
    state->block_count--;
    return scan_dash(state, lexer, line, true);
  }
  if (!is_enclosing_column(state, SEQUENCE, (int)line->column)) {
    int list = list_below_item(state, lexer, (int)line->column);
    if (list == state->block_count - 1) return scan_misindented(state, lexer, line);
    if (list >= 0) return close_block(state, lexer);
  }
  return close_block_above(state, lexer, BEFORE_DASH_LINE, line->column);
}

// `- `, `? ` or `: `, whose character is read.
static inline bool scan_indicator(State *state, TSLexer *lexer, const Line *line, int32_t c,
                                  Placement placement) {
  switch (placement) {
    case BEHIND_BLOCK:
      return c == '-' ? scan_dash_behind_block(state, lexer, line)
                      : close_block_above(state, lexer, BEFORE_KEY_LINE, line->column);
    case NEW_NODE:
      return open_block_with(state, lexer, c == '-' ? SEQUENCE_START : MAPPING_START, line->column);
    case STRAY_ITEM:
      return open_block_with(state, lexer, STRAY_SEQUENCE_START, line->column);
    case ITEM_WITHOUT_DASH:
      return scan_missing_dash(state, lexer, line);
    case ENTRY: case MISPLACED_ENTRY:
      break;
  }
  if (is_marked_next(state, line, placement)) return scan_misindented(state, lexer, line);
  if (c == '-') return scan_dash(state, lexer, line, false);
  mark_end(lexer);
  innermost(state)->entry_column = (uint16_t)line->column;
  enum Token token = c == '?' ? EXPLICIT_KEY : EXPLICIT_COLON;
  return emit_at(state, lexer, token, AFTER_DASH, line->column + 1);
}

// `---` or `...`, read to its end: all blocks end, then the document does.
static inline bool scan_document_marker(State *state, TSLexer *lexer, enum Token token) {
  if (state->block_count) return close_block_at(state, lexer, 0);
  mark_end(lexer);
  state->has_root = false;
  return emit(state, lexer, token, INSIDE_LINE);
}

static inline bool scan_new_node(State *state, TSLexer *lexer, const Line *line) {
  if (line->prefix == NOTHING_READ) mark_end(lexer);
  if (state->block_count >= MAX_BLOCKS) return scan_junk_line(state, lexer);
  bool is_root = state->block_count == 0;
  Node node = is_root && state->has_root ? second_root_kind(lexer, line->prefix)
                                         : node_kind(state, lexer, line->prefix);
  switch (node) {
    case MAPPING_NODE:
      return open_block_with(state, lexer, MAPPING_START, line->column);
    case PROPERTIES_NODE:
      if (state->expected == VALUE_AFTER_PROPERTIES) break;
      return emit_at(state, lexer, PROPERTIES_START, BEFORE_SCALAR, line->column);
    case SCALAR_NODE:
      if (is_root) state->has_root = true;
      return emit_at(state, lexer, SCALAR_START, BEFORE_SCALAR, line->column);
    case NO_NODE:
      break;
  }
  // The look-ahead may have left the line.
  emit_at(state, lexer, LOOKAHEAD, LINE_START, line->column);
  return emit_verdict(state, lexer, IS_JUNK);
}

// An entry left of the block that goes on below it: of that block, or of its last item.
static inline bool scan_slipped_entry(State *state, TSLexer *lexer, const Line *line, int below) {
  int last = state->block_count - 1;
  bool is_mapping = innermost(state)->kind == MAPPING;
  bool is_item = below == last - 1 && state->blocks[below].kind == SEQUENCE;
  if (is_mapping && (below == last || is_item)) return scan_misindented(state, lexer, line);
  if (below == last) return emit_verdict(state, lexer, IS_JUNK);
  return close_block(state, lexer);
}

static inline bool scan_behind_block(State *state, TSLexer *lexer, const Line *line) {
  KeyKind kind = read_entry(lexer, line->prefix);
  if (kind == NO_KEY) return scan_junk_line(state, lexer);
  if (kind == BARE_WORD && blocks_go_on(state, lexer, (int)line->column)) {
    return emit_verdict(state, lexer, IS_JUNK);
  }
  int below = kind == KEYED ? block_below(state, lexer, (int)line->column) : -1;
  if (below >= 0) return scan_slipped_entry(state, lexer, line, below);
  if (line->prefix == FIRST_READ) return close_block_at(state, lexer, line->column);
  // Where a bare word ends a block it may not end the next one.
  if (kind == BARE_WORD) return close_block(state, lexer);
  return close_block_above(state, lexer, BEFORE_KEY_LINE, line->column);
}

// Are all blocks ended above a line that belongs to one of the outermost ones?
//
// Then an empty token takes the space before the line, so that what begins there, which may be most of
// the file, begins nowhere else. Ends of blocks have no width: an edit that changes how many there are
// makes the parser look for old nodes while they do not fit yet, and it passes over for good all that
// begin at the same place.
static inline bool is_above_outer_line(const State *state) {
  enum { OUTERMOST = 2 };
  if (state->position == BEFORE_KEY_LINE) return state->block_count <= OUTERMOST;
  int open = state->block_count - (ends_at_dash(state, state->column) ? 1 : 0);
  return state->position == BEFORE_DASH_LINE && open <= OUTERMOST;
}

// Does the line that a block has ended above end one more?
static inline bool ends_next_block(State *state) {
  bool is_known = state->position == BEFORE_KEY_LINE || state->position == BEFORE_DASH_LINE;
  if (!is_known || state->block_count == 0) return false;
  BlockKind kind = state->position == BEFORE_KEY_LINE ? MAPPING : SEQUENCE;
  if (kind == SEQUENCE && ends_at_dash(state, state->column)) return false;
  return place(state, kind, state->column, state->expected != NO_VALUE) == BEHIND_BLOCK;
}

static inline bool scan_item_without_dash(State *state, TSLexer *lexer, const Line *line) {
  if (line->prefix == NOTHING_READ) mark_end(lexer);
  if (read_entry(lexer, line->prefix) != KEYED) return scan_junk_line(state, lexer);
  return scan_missing_dash(state, lexer, line);
}

// The mark before an entry at another column than its siblings.
static inline bool scan_odd_entry(State *state, TSLexer *lexer, const Line *line) {
  if (line->prefix == NOTHING_READ) mark_end(lexer);
  KeyKind kind = read_entry(lexer, line->prefix);
  if (kind == NO_KEY) return scan_junk_line(state, lexer);
  if (kind == KEYED && is_entry_of_outer(state, lexer, (int)line->column)) {
    return close_block_at(state, lexer, line->column);
  }
  return scan_misindented(state, lexer, line);
}

// A word below a key that has no value yet: it may be junk above the value.
static inline bool scan_word_below_key(State *state, TSLexer *lexer, const Line *line) {
  bool is_word = read_entry(lexer, line->prefix) == BARE_WORD;
  bool is_junk = is_word && blocks_go_on(state, lexer, (int)line->column);
  return emit_verdict(state, lexer, is_junk ? IS_JUNK : STAYS_IN_BLOCK);
}

static inline bool scan_entry(State *state, TSLexer *lexer, const bool *valid, const Line *line) {
  bool has_properties = lexer->lookahead == '&' || lexer->lookahead == '!';
  if (line->prefix == NOTHING_READ && has_properties) {
    // Properties are the key's only if there is a key, which is known behind them.
    mark_end(lexer);
    if (read_entry(lexer, NOTHING_READ) == NO_KEY) return scan_junk_line(state, lexer);
    innermost(state)->entry_column = (uint16_t)line->column;
    return emit_at(state, lexer, LOOKAHEAD, BEFORE_KEY, line->column);
  }
  Key key = read_key(lexer, valid, true, line->prefix);
  if (key.kind == NO_KEY) return scan_junk_line(state, lexer);
  innermost(state)->entry_column = (uint16_t)line->column;
  return emit(state, lexer, key.token, position_after_key(lexer, key.kind));
}

// Behind the LOOKAHEAD of `scan_entry`, or a property of the key.
static inline bool scan_key_after_properties(State *state, TSLexer *lexer, const bool *valid) {
  int32_t c = lexer->lookahead;
  if (c == '&' || c == '!') {
    advance(lexer);
    if (c == '&') pass_name(lexer, false);
    else pass_tag(lexer, false);
    mark_end(lexer);
    return emit_at(state, lexer, c == '&' ? KEY_ANCHOR : KEY_TAG, BEFORE_KEY, state->column);
  }
  return emit(state, lexer, read_key(lexer, valid, true, NOTHING_READ).token, AFTER_KEY);
}

static inline bool scan_line(State *state, TSLexer *lexer, const bool *valid, Line *line) {
  if (state->verdict == IS_JUNK) return scan_junk_line(state, lexer);
  int32_t c = lexer->lookahead;
  int column = (int)line->column;
  bool value_expected = state->expected != NO_VALUE || state->block_count == 0;
  Placement placement = place(state, MAPPING, column, value_expected);
  // What is marked stays where the mark is.
  if (state->position == AFTER_MISINDENTED && placement == BEHIND_BLOCK) placement = MISPLACED_ENTRY;
  if (column == 0 && c == '%' && state->block_count == 0) {
    return scan_rest_of_line(state, lexer, DIRECTIVE, true);
  }
  if (c == '-' || c == '?' || c == ':') {
    Placement own = c == '-' ? place(state, SEQUENCE, column, value_expected) : placement;
    if (state->position == AFTER_MISINDENTED && own == BEHIND_BLOCK) own = MISPLACED_ENTRY;
    if (own != BEHIND_BLOCK) mark_end(lexer);
    advance(lexer);
    if (at_blank_or_end(lexer)) return scan_indicator(state, lexer, line, c, own);
    if (c == '-' && column == 0 && is_document_marker(lexer, c, 1)) {
      return scan_document_marker(state, lexer, DOCUMENT_START);
    }
    line->prefix = FIRST_READ;
  } else if (c == '.' && column == 0) {
    if (placement != BEHIND_BLOCK) mark_end(lexer);
    if (is_document_marker(lexer, c, 0)) return scan_document_marker(state, lexer, DOCUMENT_END);
    line->prefix = FIRST_READ;
  }
  switch (placement) {
    case NEW_NODE:
      return scan_new_node(state, lexer, line);
    case BEHIND_BLOCK:
      return scan_behind_block(state, lexer, line);
    case ITEM_WITHOUT_DASH:
      return scan_item_without_dash(state, lexer, line);
    case ENTRY: case MISPLACED_ENTRY: case STRAY_ITEM:
      break;
  }
  if (is_marked_next(state, line, placement)) return scan_odd_entry(state, lexer, line);
  bool may_be_junk = state->expected != NO_VALUE && state->verdict == NO_VERDICT && is_word(c);
  if (may_be_junk) return scan_word_below_key(state, lexer, line);
  return scan_entry(state, lexer, valid, line);
}

#endif
