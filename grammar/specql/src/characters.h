// Classes of characters, and moving over them.
//
// `advance` makes a character part of the token, `skip` makes it space before the token; both only
// move forward. A token ends at the last `mark_end`, so all that is read behind it is a look-ahead.
#ifndef SPECQL_CHARACTERS_H_
#define SPECQL_CHARACTERS_H_

// Columns beyond this are all the same; a line that deep is junk.
enum { MAX_COLUMN = 60000 };

static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }
static inline void skip(TSLexer *lexer) { lexer->advance(lexer, true); }
static inline void mark_end(TSLexer *lexer) { lexer->mark_end(lexer); }

static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }

static inline bool is_break(int32_t c) {
  return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

// Most of any text: neither a blank, nor the end of a line, nor the start of a comment, nor a `:`.
static inline bool is_ordinary(int32_t c) {
  return c > ' ' && c < 0x7f && c != '#' && c != ':';
}

static inline bool is_flow_mark(int32_t c) {
  return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

static inline bool is_word(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Can plain text begin with it? `-`, `?` and `:` can where no blank follows, which is not seen here.
static inline bool begins_plain(int32_t c) {
  switch (c) {
    case ' ': case '\t': case ',': case '[': case ']': case '{': case '}': case '#': case '&':
    case '*': case '!': case '|': case '>': case '\'': case '"': case '%': case '@': case '`':
      return false;
    default:
      return !is_break(c);
  }
}

static inline bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }
static inline bool at_line_end(TSLexer *lexer) {
  return is_break(lexer->lookahead) || at_end(lexer);
}
static inline bool at_blank_or_end(TSLexer *lexer) {
  return is_blank(lexer->lookahead) || at_line_end(lexer);
}

// The column behind c. A tab goes on to the next multiple of two, one level in most of these files: it
// is an error in any case, and so the lines around it keep their places.
static inline uint32_t column_after(uint32_t column, int32_t c) {
  if (column > MAX_COLUMN) return column;
  return c == '\t' ? (column / 2 + 1) * 2 : column + 1;
}

// Moves over spaces; the column behind them.
static inline uint32_t pass_spaces(TSLexer *lexer, uint32_t column, bool as_space) {
  for (; lexer->lookahead == ' '; column++) lexer->advance(lexer, as_space);
  return column > MAX_COLUMN ? MAX_COLUMN + 1 : column;
}

// Moves over one line end; `\r\n` is one.
static inline void pass_break(TSLexer *lexer, bool as_space) {
  bool carriage_return = lexer->lookahead == '\r';
  lexer->advance(lexer, as_space);
  if (carriage_return && lexer->lookahead == '\n') lexer->advance(lexer, as_space);
}

static inline void pass_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

// Moves over a run of ordinary characters. Is there one?
static inline bool pass_ordinary(TSLexer *lexer) {
  if (!is_ordinary(lexer->lookahead)) return false;
  do advance(lexer);
  while (is_ordinary(lexer->lookahead));
  return true;
}

static inline void pass_line(TSLexer *lexer) {
  for (;;) {
    pass_ordinary(lexer);
    if (at_line_end(lexer)) return;
    advance(lexer);
  }
}

// Moves over line ends and indentation; the column of what stands there then.
static inline uint32_t pass_breaks(TSLexer *lexer) {
  uint32_t column = 0;
  for (;;) {
    column = pass_spaces(lexer, column, false);
    if (is_break(lexer->lookahead)) {
      pass_break(lexer, false);
      column = 0;
    } else if (lexer->lookahead == '\t') {
      column = column_after(column, '\t');
      advance(lexer);
    } else {
      return column;
    }
  }
}

// Moves over line ends and indentation. Does a line deeper than `owner` stand there?
static inline bool pass_to_deeper_line(TSLexer *lexer, int owner, uint32_t *column) {
  *column = pass_breaks(lexer);
  return !at_end(lexer) && (int)*column > owner;
}

// From the end of a line over comments and blank lines; the column of the content after them, or -1
// at the end of the text.
static inline int column_after_comments(TSLexer *lexer) {
  for (;;) {
    pass_line(lexer);
    uint32_t column = pass_breaks(lexer);
    if (at_end(lexer)) return -1;
    if (lexer->lookahead != '#') return (int)column;
  }
}

// The rest of `---` or `...`, of which `read` characters are behind us. Is it a marker of its own?
static inline bool is_document_marker(TSLexer *lexer, int32_t c, int read) {
  for (; read < 3; read++) {
    if (lexer->lookahead != c) return false;
    advance(lexer);
  }
  return at_blank_or_end(lexer);
}

// Does a document marker stand at this column?
static inline bool at_document_marker(TSLexer *lexer, uint32_t column) {
  int32_t c = lexer->lookahead;
  return column == 0 && (c == '-' || c == '.') && is_document_marker(lexer, c, 0);
}

#endif
