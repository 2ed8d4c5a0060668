// Which open block takes a line at a column. This is where a half-typed line is kept from moving the
// lines around it:
//
// - the exact column of an enclosing block of the right kind wins;
// - else the deepest block whose parent's column is left of the line takes it, marked `misindented`;
// - a key with its value, or an item, that has slipped to the left stays in the block that goes on
//   below it;
// - a key in a sequence becomes an item with `missing_dash`, a dash in a mapping a
//   `misplaced_sequence`;
// - junk never closes a block, and neither does a bare word above the lines of a block that is open
//   or expected.
#ifndef SPECQL_PLACEMENT_H_
#define SPECQL_PLACEMENT_H_

typedef enum {
  NEW_NODE,         // the value that is expected, or the root
  ENTRY,            // of the innermost block
  MISPLACED_ENTRY,  // of it too, at another column than the others
  BEHIND_BLOCK,     // of none here: the innermost block ends
  STRAY_ITEM,       // a dash in a mapping
  ITEM_WITHOUT_DASH // a key in a sequence
} Placement;

// Does a block around the innermost one, of this kind, stand at this column?
static inline bool is_enclosing_column(const State *state, BlockKind kind, int column) {
  for (int i = 0; i + 1 < state->block_count; i++) {
    if (state->blocks[i].kind == kind && state->blocks[i].column == column) return true;
  }
  return false;
}

static inline const Block *outer_block(const State *state) {
  return state->block_count > 1 ? &state->blocks[state->block_count - 2] : NULL;
}

// The leftmost column of the innermost block's entries. Items may stand where their key does.
static inline int leftmost_column(const State *state, const Block *block) {
  const Block *outer = outer_block(state);
  bool may_touch = block->kind == SEQUENCE && outer && outer->kind == MAPPING;
  return parent_column(state) + (may_touch ? 0 : 1);
}

// An entry of the innermost block's own kind.
static inline Placement place_own(const State *state, const Block *block, int column) {
  if (column == block->column) return ENTRY;
  if (column < leftmost_column(state, block)) return BEHIND_BLOCK;
  bool is_of_outer = column < block->column && is_enclosing_column(state, block->kind, column);
  return is_of_outer ? BEHIND_BLOCK : MISPLACED_ENTRY;
}

static inline Placement place_dash_in_mapping(const State *state, const Block *block, int column) {
  const Block *outer = outer_block(state);
  if (!outer) return STRAY_ITEM;
  if (outer->kind == SEQUENCE) {
    // At the sequence's own column too: its item may have lost its dash, and stand as deep.
    bool is_of_outer =
      column <= outer->entry_column || column < block->column || column == outer->column;
    return is_of_outer ? BEHIND_BLOCK : STRAY_ITEM;
  }
  if (is_enclosing_column(state, SEQUENCE, column)) return BEHIND_BLOCK;
  // Where the key of this mapping stands: the key was to have items, and something slipped in between.
  return column >= outer->entry_column ? STRAY_ITEM : BEHIND_BLOCK;
}

// A root that is a sequence gives way to the keys of an entity, which leave no room for a dash.
static inline Placement place_key_in_sequence(const State *state, const Block *block, int column) {
  bool is_root = state->block_count == 1;
  if (is_root && (column == 0 || column < block->column)) return BEHIND_BLOCK;
  return column <= parent_column(state) ? BEHIND_BLOCK : ITEM_WITHOUT_DASH;
}

// The items of a key may stand at the key's own column, or at its siblings' if it is misindented.
static inline bool is_item_of_key(const Block *block, int column) {
  return column == block->entry_column || column == block->column;
}

static inline Placement place(State *state, BlockKind kind, int column, bool value_expected) {
  Block *block = innermost(state);
  if (!block) return NEW_NODE;
  // Behind a misindented entry without a value stands its sibling, where the others are.
  bool is_sibling = block->entry_column != block->column && column == block->column &&
                    kind == (BlockKind)block->kind;
  if (value_expected && column > block->entry_column && !is_sibling) return NEW_NODE;
  if (kind == (BlockKind)block->kind) return place_own(state, block, column);
  if (kind == MAPPING) return place_key_in_sequence(state, block, column);
  if (value_expected && is_item_of_key(block, column)) return NEW_NODE;
  return place_dash_in_mapping(state, block, column);
}

// Does a value that is still expected stand at this column, or an item of it?
static inline bool is_expected_value(const State *state, int column, bool is_dash) {
  if (state->expected == NO_VALUE || state->block_count == 0) return false;
  const Block *block = &state->blocks[state->block_count - 1];
  bool is_item = is_dash && block->kind == MAPPING && is_item_of_key(block, column);
  return column > block->entry_column || is_item;
}

// Behind a bare word at a column: do the open blocks, or the value that is expected, go on below it?
// Then it is a word being typed; it ends nothing and takes nothing.
static inline bool blocks_go_on(const State *state, TSLexer *lexer, int column) {
  int next = column_after_comments(lexer);
  bool is_dash = lexer->lookahead == '-';
  if (is_expected_value(state, next, is_dash)) return true;
  BlockKind kind = is_dash ? SEQUENCE : MAPPING;
  bool is_open = false;
  for (int i = 0; i < state->block_count; i++) {
    is_open |= state->blocks[i].column == next && state->blocks[i].kind == kind;
  }
  if (!is_open || next < column) return false;
  if (next == column) return is_dash;
  // The word may be the key of the block that seems to go on: it stands where that block's key does.
  const Block *block = &state->blocks[state->block_count - 1];
  return column == 0 || block->column != next || parent_column(state) != column;
}

// Behind a key between two mappings: does its own value stand no deeper than the inner mapping, or do
// its items stand where the outer one's keys do? Then it is an entry of the outer one.
static inline bool is_entry_of_outer(const State *state, TSLexer *lexer, int column) {
  const Block *outer = outer_block(state);
  if (!outer || outer->kind != MAPPING) return false;
  const Block *block = &state->blocks[state->block_count - 1];
  if (block->kind != MAPPING || column >= block->column) return false;
  pass_blanks(lexer);
  if (!at_line_end(lexer) && lexer->lookahead != '#') return false;
  int next = column_after_comments(lexer);
  bool is_item = lexer->lookahead == '-' && next == outer->column;
  return is_item || (next > column && next <= block->column);
}

// Can what stands here go on in deeper lines? Plain text cannot, where a line has a `: `.
static inline bool may_span_lines(int32_t c) {
  switch (c) {
    case '"': case '\'': case '[': case '{': case '|': case '>': case '&': case '*': case '!': case '#':
      return true;
    default:
      return is_break(c);
  }
}

// The open block that has entries of the kind that is ahead at a column, or -1.
static inline int block_of_line(const State *state, TSLexer *lexer, int column) {
  BlockKind kind = lexer->lookahead == '-' ? SEQUENCE : MAPPING;
  int i = state->block_count - 1;
  while (i >= 0 && (state->blocks[i].column != column || state->blocks[i].kind != kind)) i--;
  return i >= 0 && line_has_colon(lexer) ? i : -1;
}

// Behind a key left of the innermost block: does an entry of an open block stand in the next line,
// deeper than the key? No value of a key in its own line has entries, so the key is out of its place,
// and belongs to that block. Its number, or -1.
static inline int block_below(const State *state, TSLexer *lexer, int column) {
  pass_blanks(lexer);
  if (may_span_lines(lexer->lookahead) || at_end(lexer)) return -1;
  int next = column_after_comments(lexer);
  return next > column ? block_of_line(state, lexer, next) : -1;
}

// Moves over dashes and blanks to the content behind them; its column.
static inline int pass_dashes(TSLexer *lexer, int column) {
  while (is_blank(lexer->lookahead) || lexer->lookahead == '-') {
    column = (int)column_after((uint32_t)column, lexer->lookahead);
    advance(lexer);
  }
  return column;
}

// Behind a dash that is in no list's column: does an open list go on below the entries of its item,
// where those have no place for it? Its number, or -1.
static inline int list_below_item(const State *state, TSLexer *lexer, int column) {
  enum { MOST_LINES = 16 };
  int content = column + 1;
  for (int lines = 0; lines < MOST_LINES; lines++) {
    content = pass_dashes(lexer, content);
    if (!line_has_colon(lexer)) return -1;
    pass_blanks(lexer);
    bool has_value = !may_span_lines(lexer->lookahead) && !at_end(lexer);
    int next = column_after_comments(lexer);
    if (next <= column) return -1;
    bool is_beyond = next > content && has_value && lexer->lookahead == '-';
    if (next > content) return is_beyond ? block_of_line(state, lexer, next) : -1;
    content = next;
  }
  return -1;
}

#endif
