// The state as bytes. tree-sitter keeps up to 24 of them without an allocation, which is enough for
// all but a few tokens of ordinary files; the deepest state takes less than 700.
//
//   position:4 expected:2 verdict:2
//   flow_count:6 (or NO_FLOW_AFTER_EXTRA) in_block_scalar:1 has_root:1
//   column:16            if the position has one
//   declared_indentation:7 in_block_line:1 | text_indentation:16   in a block scalar
//   flow_kinds           a bit for each flow collection, in whole bytes
//   blocks               kind:1 column:7; or kind:1 FAR_BLOCK:7 column:16 entry_column:16
#ifndef SPECQL_SERIALIZE_H_
#define SPECQL_SERIALIZE_H_

enum { FAR_BLOCK = 127, NO_FLOW_AFTER_EXTRA = 63 };
_Static_assert((int)MAX_FLOWS < (int)NO_FLOW_AFTER_EXTRA, "one value more than there are counts");

static inline uint8_t *write_short(uint8_t *out, uint16_t value) {
  *out++ = (uint8_t)value;
  *out++ = (uint8_t)(value >> 8);
  return out;
}

static inline uint16_t read_short(const uint8_t **in) {
  uint16_t value = (uint16_t)((*in)[0] | (*in)[1] << 8);
  *in += 2;
  return value;
}

static inline uint8_t *write_block(uint8_t *out, const Block *block) {
  uint8_t kind = (uint8_t)(block->kind << 7);
  if (block->column < FAR_BLOCK && block->column == block->entry_column) {
    *out++ = (uint8_t)(kind | block->column);
    return out;
  }
  *out++ = kind | FAR_BLOCK;
  return write_short(write_short(out, block->column), block->entry_column);
}

static inline Block read_block(const uint8_t **in) {
  uint8_t head = *(*in)++;
  uint16_t column = head & FAR_BLOCK;
  if (column != FAR_BLOCK) return (Block){head >> 7, column, column};
  column = read_short(in);
  return (Block){head >> 7, column, read_short(in)};
}

static inline unsigned write_state(const State *state, uint8_t *buffer) {
  uint8_t *out = buffer;
  *out++ = (uint8_t)(state->position | state->expected << 4 | state->verdict << 6);
  // In a flow collection nobody asks for extras.
  uint8_t flows = state->flow_count || !state->after_extra ? state->flow_count : NO_FLOW_AFTER_EXTRA;
  *out++ = (uint8_t)(flows | state->in_block_scalar << 6 | state->has_root << 7);
  if (has_column(state->position)) out = write_short(out, state->column);
  if (state->in_block_scalar) {
    *out++ = (uint8_t)(state->declared_indentation | state->in_block_line << 7);
    out = write_short(out, state->text_indentation);
  }
  for (int bit = 0; bit < state->flow_count; bit += 8) *out++ = (uint8_t)(state->flow_kinds >> bit);
  const Block *end = state->blocks + state->block_count;
  for (const Block *block = state->blocks; block < end; block++) out = write_block(out, block);
  return (unsigned)(out - buffer);
}

// Forgets everything, so that the text begins.
static inline void reset_state(State *state) {
  state->block_count = 0;
  state->position = LINE_START;
  state->column = 0;
  state->expected = NO_VALUE;
  state->verdict = NO_VERDICT;
  state->has_root = false;
  state->after_extra = false;
  state->in_block_scalar = false;
  state->in_block_line = false;
  state->declared_indentation = 0;
  state->text_indentation = 0;
  state->flow_count = 0;
  state->flow_kinds = 0;
}

static inline void read_state(State *state, const uint8_t *in, unsigned length) {
  reset_state(state);
  if (length == 0) return;
  const uint8_t *end = in + length;
  uint8_t head = *in++;
  state->position = head & 15;
  state->expected = head >> 4 & 3;
  state->verdict = head >> 6;
  state->after_extra = (*in & 63) == NO_FLOW_AFTER_EXTRA;
  state->flow_count = state->after_extra ? 0 : *in & 63;
  state->in_block_scalar = *in >> 6 & 1;
  state->has_root = *in++ >> 7;
  if (has_column(state->position)) state->column = read_short(&in);
  if (state->in_block_scalar) {
    state->declared_indentation = *in & 127;
    state->in_block_line = *in++ >> 7;
    state->text_indentation = read_short(&in);
  }
  for (int bit = 0; bit < state->flow_count; bit += 8) {
    state->flow_kinds |= (uint64_t)*in++ << bit;
  }
  Block *block = state->blocks;
  while (in < end) *block++ = read_block(&in);
  state->block_count = (uint16_t)(block - state->blocks);
}

// A scanner with the bytes of its state, as it wrote or read them last. tree-sitter gives a state back
// before each token, and nearly always the one that it has just been given.
typedef struct {
  State state;
  uint8_t bytes[TREE_SITTER_SERIALIZATION_BUFFER_SIZE];
  unsigned length;
  bool is_written; // false while the state may differ from the bytes
} Scanner;

static inline unsigned write_scanner(Scanner *scanner, uint8_t *buffer) {
  if (!scanner->is_written) scanner->length = write_state(&scanner->state, scanner->bytes);
  scanner->is_written = true;
  memcpy(buffer, scanner->bytes, scanner->length);
  return scanner->length;
}

static inline void read_scanner(Scanner *scanner, const uint8_t *in, unsigned length) {
  bool is_same = scanner->is_written && scanner->length == length;
  if (is_same && (length == 0 || !memcmp(scanner->bytes, in, length))) return;
  read_state(&scanner->state, in, length);
  scanner->length = length;
  scanner->is_written = true;
  if (length) memcpy(scanner->bytes, in, length);
}

#endif
