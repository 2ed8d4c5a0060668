// Plain and quoted text, anchors and tags, and the look-aheads over them.
//
// A multi-line scalar ends before the first line at or left of its owner, unless it is text in quotes
// that closes below it: an open quote never swallows more than the block it stands in.
#ifndef SPECQL_SCALARS_H_
#define SPECQL_SCALARS_H_

// To the end of a line. Does a `: ` stand in it?
static inline bool line_has_colon(TSLexer *lexer) {
  bool after_blank = true;
  while (!at_line_end(lexer)) {
    if (pass_ordinary(lexer)) after_blank = false;
    int32_t c = lexer->lookahead;
    if (c == '#' && after_blank) {
      pass_line(lexer);
      return false;
    }
    if (at_line_end(lexer)) return false;
    advance(lexer);
    if (c == ':' && at_blank_or_end(lexer)) return true;
    after_blank = is_blank(c);
  }
  return false;
}

// The first line of plain text in a block: to `: `, ` #` or the end of the line, which is true.
static inline bool pass_first_plain_line(TSLexer *lexer) {
  bool after_blank = false;
  for (;;) {
    if (pass_ordinary(lexer)) after_blank = false;
    if (at_line_end(lexer)) break;
    int32_t c = lexer->lookahead;
    if (c == '#' && after_blank) return false;
    bool may_end = !after_blank && (c == ':' || is_blank(c));
    if (may_end) mark_end(lexer);
    advance(lexer);
    if (c == ':' && at_blank_or_end(lexer)) return false;
    after_blank = is_blank(c);
  }
  if (!after_blank) mark_end(lexer);
  return true;
}

// A further line of it. A line with a `: ` is an entry, and none of the text; a comment ends it.
static inline bool pass_next_plain_line(TSLexer *lexer, bool after_blank) {
  for (;;) {
    if (pass_ordinary(lexer)) after_blank = false;
    if (at_line_end(lexer)) break;
    int32_t c = lexer->lookahead;
    if (c == '#' && after_blank) {
      mark_end(lexer);
      return false;
    }
    advance(lexer);
    if (c == ':' && at_blank_or_end(lexer)) return false;
    after_blank = is_blank(c);
  }
  mark_end(lexer);
  return true;
}

// Plain text in a block. Is the content of a line behind it ahead, at a column that is none of its own?
static inline bool pass_plain_in_block(TSLexer *lexer, int owner, uint32_t *column) {
  if (!pass_first_plain_line(lexer)) return false;
  while (is_break(lexer->lookahead)) {
    if (!pass_to_deeper_line(lexer, owner, column)) return true;
    int32_t c = lexer->lookahead;
    if (c == '#' || at_document_marker(lexer, *column)) return false;
    // The look for a marker has read a part of what is none: `--#` is text.
    bool is_read = *column == 0 && (c == '-' || c == '.');
    if (!pass_next_plain_line(lexer, !is_read)) return false;
  }
  return false;
}

typedef enum { TEXT_ENDS, TEXT_IS_KEY, LINE_ENDS } FlowText;

static inline FlowText pass_flow_plain_line(TSLexer *lexer, bool after_blank) {
  while (!at_line_end(lexer)) {
    while (is_word(lexer->lookahead)) {
      advance(lexer);
      after_blank = false;
    }
    if (!after_blank) mark_end(lexer);
    if (at_line_end(lexer)) break;
    int32_t c = lexer->lookahead;
    if (is_flow_mark(c) || (c == '#' && after_blank)) return TEXT_ENDS;
    advance(lexer);
    if (c == ':' && (at_blank_or_end(lexer) || is_flow_mark(lexer->lookahead))) return TEXT_IS_KEY;
    after_blank = is_blank(c);
    if (!after_blank) mark_end(lexer);
  }
  return is_break(lexer->lookahead) ? LINE_ENDS : TEXT_ENDS;
}

// Plain text in a flow collection. Is it a key, which has one line?
static inline bool pass_plain_in_flow(TSLexer *lexer, int owner) {
  for (bool one_line = true;; one_line = false) {
    FlowText text = pass_flow_plain_line(lexer, !one_line);
    if (text != LINE_ENDS) return text == TEXT_IS_KEY && one_line;
    uint32_t column;
    if (!pass_to_deeper_line(lexer, owner, &column)) return false;
    int32_t c = lexer->lookahead;
    if (c == '#' || c == ':' || is_flow_mark(c)) return false;
    if (column == 0 && (c == '-' || c == '.')) return false;
  }
}

// What is known of a quoted scalar that was passed.
typedef struct {
  bool closed;
  bool one_line;
  bool goes_left;  // a line of it is not deeper than the owner
  uint32_t column; // of its last line, or of the line that it ended before
} Quoted;

// At the root, text in quotes is indented as everywhere: else a quote that is being typed above an
// entity would take all of it.
static inline int quoted_owner(const State *state) {
  int owner = owner_column(state);
  return owner < 0 ? 0 : owner;
}

// A quoted scalar whose quote is ahead. Marks its end, or that of the last line that is its own.
//
// PyYAML lets further lines stand anywhere. Those from the first one on that is not deeper than the
// owner belong to the text only if it closes, and if none of them looks like an entry, an item or a
// comment.
static inline Quoted pass_quoted(TSLexer *lexer, int owner, bool mark) {
  Quoted quoted = {.closed = false, .one_line = true, .goes_left = false};
  int32_t quote = lexer->lookahead;
  advance(lexer);
  for (;;) {
    int32_t c = lexer->lookahead;
    bool ends_line = at_line_end(lexer);
    if (ends_line && mark && !quoted.goes_left) mark_end(lexer);
    if (ends_line && !is_break(c)) return quoted;
    if (ends_line) {
      quoted.one_line = false;
      bool deeper = pass_to_deeper_line(lexer, owner, &quoted.column);
      if (at_end(lexer)) return quoted;
      c = lexer->lookahead;
      quoted.goes_left |= !deeper && c != quote;
      if (quoted.goes_left && (c == '-' || c == '#')) return quoted;
      if (at_document_marker(lexer, quoted.column)) return quoted;
      continue;
    }
    advance(lexer);
    if (c == quote) {
      bool doubled = quote == '\'' && lexer->lookahead == '\'';
      quoted.closed = !doubled;
      if (mark && !(doubled && quoted.goes_left)) mark_end(lexer);
      if (!doubled) return quoted;
      advance(lexer);
    } else if (c == '\\' && quote == '"' && !at_line_end(lexer)) {
      advance(lexer);
    } else if (c == ':' && quoted.goes_left && at_blank_or_end(lexer)) {
      return quoted;
    }
  }
}

// The name of an anchor or an alias, as PyYAML reads it: `[A-Za-z0-9_-]+`, ended by a blank, a `:`,
// or in a flow collection by its marks.
static inline bool pass_name(TSLexer *lexer, bool in_flow) {
  bool empty = true;
  while (is_word(lexer->lookahead) || lexer->lookahead == '-') {
    advance(lexer);
    empty = false;
  }
  bool ends = lexer->lookahead == ':' || at_blank_or_end(lexer);
  return !empty && (ends || (in_flow && is_flow_mark(lexer->lookahead)));
}

// The rest of a tag; `!<…>` may hold every mark.
static inline void pass_tag(TSLexer *lexer, bool in_flow) {
  bool verbatim = false;
  while (!at_blank_or_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '<') verbatim = true;
    if (in_flow && !verbatim && is_flow_mark(c)) return;
    if (c == '>') verbatim = false;
    advance(lexer);
  }
}

#endif
