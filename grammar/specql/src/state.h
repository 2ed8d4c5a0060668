// What the scanner knows between two tokens: the open blocks, and where in an entry it stands.
//
// Tokens are a function of this state and the text alone. tree-sitter reuses old subtrees by
// comparing serialized states; a token that depended on `valid_symbols` would differ between a fresh
// parse and an incremental one. (Keywords may: a foreign external token is in no merged state.)
#ifndef SPECQL_STATE_H_
#define SPECQL_STATE_H_

// Caps that keep the scanner linear and the trees shallow. Beyond them the text is junk.
enum { MAX_BLOCKS = 128, MAX_FLOWS = 62 };

typedef enum { MAPPING, SEQUENCE } BlockKind;

typedef struct {
  uint8_t kind;
  uint16_t column;
  uint16_t entry_column; // of the latest entry; another one than `column` if that is misindented
} Block;

typedef enum {
  INSIDE_LINE,
  LINE_START,
  AFTER_DASH,
  BEFORE_SCALAR,     // it is decided that what stands here is a scalar
  BEFORE_KEY,        // it is decided that a key stands here, perhaps behind its properties
  AFTER_KEY,
  BEFORE_LINE_VALUE, // behind a key whose value begins in its line; the parser's own lexer reads the colon
  AFTER_MISINDENTED, // the mark is out, its entry is not
  BEFORE_KEY_LINE,   // a block has ended above a line that is known to begin with a key,
  BEFORE_DASH_LINE,  // or with a dash: more blocks may end there, and the line need not be read again
} Position;

typedef enum { NO_VALUE, VALUE, VALUE_AFTER_PROPERTIES } Expected;

// What a look-ahead found out about the line that stands here.
typedef enum { NO_VERDICT, STAYS_IN_BLOCK, IS_JUNK } Verdict;

typedef struct {
  Block blocks[MAX_BLOCKS];
  uint16_t block_count;
  uint8_t position;
  uint16_t column; // of the position, for those that have one
  uint8_t expected;
  uint8_t verdict;
  bool has_root; // a scalar or a collection stands at the root of this document
  bool after_extra; // a comment or junk is the last that was emitted
  bool in_block_scalar;
  bool in_block_line;          // of a block scalar: its text comes next
  uint8_t declared_indentation; // in the header of the block scalar, or 0
  uint16_t text_indentation;    // of the block scalar, or 0 until its first line tells
  uint8_t flow_count;
  uint64_t flow_kinds; // innermost in the lowest bit; 1 is a mapping
} State;

static inline bool has_column(uint8_t position) {
  switch (position) {
    case INSIDE_LINE: case BEFORE_SCALAR: case AFTER_KEY: case BEFORE_LINE_VALUE:
      return false;
    default:
      return true;
  }
}

static inline Block *innermost(State *state) {
  return state->block_count ? &state->blocks[state->block_count - 1] : NULL;
}

// The column that values have to be deeper than; -1 outside of all blocks.
static inline int owner_column(const State *state) {
  return state->block_count ? state->blocks[state->block_count - 1].entry_column : -1;
}

// The same for the innermost block itself.
static inline int parent_column(const State *state) {
  return state->block_count > 1 ? state->blocks[state->block_count - 2].entry_column : -1;
}

static inline bool open_block(State *state, BlockKind kind, uint32_t column) {
  if (state->block_count >= MAX_BLOCKS) return false;
  uint16_t at = (uint16_t)column;
  state->blocks[state->block_count++] = (Block){(uint8_t)kind, at, at};
  return true;
}

// What may follow a token. Extras and marks of a value to come change nothing.
static inline void expect_after(State *state, enum Token token) {
  bool in_block = state->flow_count == 0;
  switch (token) {
    case LOOKAHEAD: case INVALID_LINE: case INVALID_TEXT: case SCALAR_START: case PROPERTIES_START:
      return;
    case COLON: case MISSING_COLON: case DASH: case NEXT_DASH: case MISSING_DASH: case EXPLICIT_KEY:
    case EXPLICIT_COLON: case DOCUMENT_START:
      state->expected = in_block ? VALUE : NO_VALUE;
      return;
    case ANCHOR: case TAG:
      state->expected = in_block ? VALUE_AFTER_PROPERTIES : NO_VALUE;
      return;
    case PLAIN_SCALAR: case DOUBLE_QUOTED: case SINGLE_QUOTED: case UNCLOSED_DOUBLE_QUOTED:
    case UNCLOSED_SINGLE_QUOTED: case ALIAS: case BLOCK_HEADER: case FLOW_SEQUENCE_OPEN:
    case FLOW_MAPPING_OPEN:
      if (state->block_count == 0) state->has_root = true;
      state->expected = NO_VALUE;
      return;
    default:
      state->expected = NO_VALUE;
  }
}

static inline bool emit(State *state, TSLexer *lexer, enum Token token, Position position) {
  lexer->result_symbol = (TSSymbol)token;
  if (token != LOOKAHEAD) state->after_extra = token == INVALID_LINE || token == INVALID_TEXT;
  state->position = (uint8_t)position;
  state->verdict = NO_VERDICT;
  expect_after(state, token);
  return true;
}

static inline bool emit_at(State *state, TSLexer *lexer, enum Token token, Position position,
                           uint32_t column) {
  state->column = (uint16_t)column;
  return emit(state, lexer, token, position);
}

// An empty extra that leaves a verdict for the next call: a token can end only where it was marked,
// so what a long look-ahead decides is emitted by the call after it.
static inline bool emit_verdict(State *state, TSLexer *lexer, Verdict verdict) {
  lexer->result_symbol = LOOKAHEAD;
  state->verdict = (uint8_t)verdict;
  return true;
}

#endif
