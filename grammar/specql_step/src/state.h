// What the scanner remembers: which brackets are open, and how many CASE expressions.
//
// All brackets have one grammar; their kind says which of its tokens each of them takes.
#ifndef SPECQL_STEP_STATE_H_
#define SPECQL_STEP_STATE_H_

#include "tree_sitter/parser.h"
#include <string.h>
#include "tokens.h"

enum Kind {
  ANY,       // too deep to remember: takes every token
  ONE,       // EXISTS (…)
  GROUP,     // (a), or the row (a, b)
  LIST,      // f(a, b), IN (a, b), numeric(10, 2)
  KEYWORDED, // EXTRACT(a FROM b)
  CASTING,   // CAST(a AS b)
  INDEX,     // a[b]
  ELEMENTS,  // ARRAY[a, b]
};
enum { REMEMBERED_LEVELS = 64 };

typedef struct {
  uint8_t cases;      // open CASE expressions, at most 255
  uint8_t next_kind;  // of the bracket that CAST, ARRAY or EXTRACT announces; ANY when none does
  uint16_t depth;     // open brackets
  uint8_t after_junk; // text that fits nothing stands before: a dot goes on with that
  uint8_t kinds[REMEMBERED_LEVELS];
} State;

static inline enum Kind kind_at(const State *state, unsigned depth) {
  return depth == 0 || depth > REMEMBERED_LEVELS ? ANY : (enum Kind)state->kinds[depth - 1];
}
static inline enum Kind innermost(const State *state) { return kind_at(state, state->depth); }
static inline bool is_square(enum Kind kind) { return kind == INDEX || kind == ELEMENTS; }

static void open_bracket(State *state, enum Kind kind) {
  if (state->depth < REMEMBERED_LEVELS) state->kinds[state->depth] = (uint8_t)kind;
  if (state->depth < UINT16_MAX) state->depth++;
  state->next_kind = ANY;
}
static void close_bracket(State *state) {
  if (state->depth > 0) state->depth--;
}
// Is a bracket open that `closing` closes, however far outside?
static bool is_open(const State *state, int32_t closing) {
  if (state->depth > REMEMBERED_LEVELS) return true;
  for (unsigned depth = state->depth; depth > 0; depth--)
    if (is_square(kind_at(state, depth)) == (closing == ']')) return true;
  return false;
}
static bool closes_innermost(const State *state, int32_t closing) {
  enum Kind kind = innermost(state);
  return kind == ANY || is_square(kind) == (closing == ']');
}

// Whether the innermost bracket takes a token that the grammar takes in all of them.
static bool takes(const State *state, int token) {
  enum Kind kind = innermost(state);
  if (kind == ANY) return true;
  switch (token) {
    case COMMA: return kind == GROUP || kind == LIST || kind == KEYWORDED || kind == ELEMENTS;
    case MISSING_COMMA: return kind == LIST || kind == KEYWORDED || kind == ELEMENTS;
    case KW_FROM: case KW_FOR: case KW_PLACING: return kind == KEYWORDED;
    case KW_AS: return kind == CASTING;
    default: return true;
  }
}

static unsigned save_state(const State *state, char *buffer) {
  unsigned levels = state->depth < REMEMBERED_LEVELS ? state->depth : REMEMBERED_LEVELS;
  if (state->depth == 0 && state->cases == 0 && state->next_kind == ANY && !state->after_junk) return 0;
  buffer[0] = (char)state->cases;
  buffer[1] = (char)state->next_kind;
  memcpy(buffer + 2, &state->depth, 2);
  buffer[4] = (char)state->after_junk;
  memcpy(buffer + 5, state->kinds, levels);
  return 5 + levels;
}
static void load_state(State *state, const char *buffer, unsigned length) {
  memset(state, 0, sizeof *state);
  if (length < 5) return;
  state->cases = (uint8_t)buffer[0];
  state->next_kind = (uint8_t)buffer[1];
  memcpy(&state->depth, buffer + 2, 2);
  state->after_junk = (uint8_t)buffer[4];
  memcpy(state->kinds, buffer + 5, length - 5);
}

#endif
