// Keys of entries, read ahead to classify a line or for real, with their end marked.
#ifndef SPECQL_KEYS_H_
#define SPECQL_KEYS_H_

// A key ends on its line, and within this many characters, as in PyYAML.
enum { MAX_KEY = 1024 };

typedef enum {
  NO_KEY,
  BARE_WORD,    // `nam`: a key that is being typed
  BARE_KEYWORD, // `fields`: the same, and no other word
  KEYED,        // a `:` follows
} KeyKind;

typedef struct {
  KeyKind kind;
  enum Token token;
} Key;

// Where the key's text begins: with the next character, or with one that was read already.
typedef enum { NOTHING_READ, FIRST_READ } Prefix;

static inline Key key_if_colon_follows(TSLexer *lexer, enum Token token) {
  pass_blanks(lexer);
  if (lexer->lookahead != ':') return (Key){NO_KEY, token};
  advance(lexer);
  return (Key){at_blank_or_end(lexer) ? KEYED : NO_KEY, token};
}

static inline Key read_quoted_key(TSLexer *lexer, bool mark) {
  int32_t quote = lexer->lookahead;
  enum Token token = quote == '"' ? DOUBLE_QUOTED_KEY : SINGLE_QUOTED_KEY;
  advance(lexer);
  for (uint32_t count = 1;; count++) {
    if (at_line_end(lexer) || count > MAX_KEY) return (Key){NO_KEY, token};
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '\\' && quote == '"' && !at_line_end(lexer)) {
      advance(lexer);
    } else if (c == quote) {
      if (quote == '"' || lexer->lookahead != quote) break;
      advance(lexer);
    }
  }
  if (mark) mark_end(lexer);
  return key_if_colon_follows(lexer, token);
}

static inline Key read_alias_key(TSLexer *lexer, bool mark) {
  advance(lexer);
  if (!pass_name(lexer, false)) return (Key){NO_KEY, ALIAS_KEY};
  if (mark) mark_end(lexer);
  return key_if_colon_follows(lexer, ALIAS_KEY);
}

// `[a, b]` or `{a: b}` as a key: no entity file has one, and the pair keeps its place.
static inline Key read_complex_key(TSLexer *lexer, bool mark) {
  int32_t quote = 0, before = ',';
  uint32_t depth = 0;
  for (uint32_t count = 1; !at_line_end(lexer) && count <= MAX_KEY; count++) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    bool begins_text = is_blank(before) || is_flow_mark(before) || before == ':';
    if (quote) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && begins_text) {
      quote = c;
    } else if (c == '%' && before == '{') {
      break; // a template's `{% if … %}`
    } else if (c == '[' || c == '{') {
      depth++;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      if (mark) mark_end(lexer);
      return key_if_colon_follows(lexer, COMPLEX_KEY);
    }
    before = c;
  }
  return (Key){NO_KEY, COMPLEX_KEY};
}

// Collects a plain key's text as far as it can be a keyword.
typedef struct {
  char text[LONGEST_KEYWORD];
  uint32_t length;
  bool is_word; // nothing but letters, digits and `_`, blanks behind them aside
  bool ended;   // by a blank
} PlainKey;

static inline void collect(PlainKey *key, int32_t c) {
  if (is_blank(c)) {
    key->ended = true;
    return;
  }
  if (!is_word(c) || key->ended) key->is_word = false;
  if (key->length < LONGEST_KEYWORD) key->text[key->length] = (char)c;
  key->length++;
}

// `valid` says which keywords have a token of their own here; NULL while looking ahead.
static inline Key plain_key(const PlainKey *key, bool has_colon, const bool *valid) {
  enum Token keyword = KEY;
  bool is_asked = valid || !has_colon;
  if (is_asked && key->is_word && key->length <= LONGEST_KEYWORD) {
    keyword = keyword_token(key->text, key->length);
  }
  enum Token token = keyword != KEY && valid && valid[keyword] ? keyword : KEY;
  if (has_colon) return (Key){KEYED, token};
  if (!key->is_word) return (Key){NO_KEY, KEY};
  return (Key){keyword == KEY ? BARE_WORD : BARE_KEYWORD, token};
}

static inline Key read_plain_key(TSLexer *lexer, const bool *valid, bool mark, Prefix prefix) {
  PlainKey key = {.length = 0, .is_word = prefix == NOTHING_READ, .ended = false};
  while (is_word(lexer->lookahead) && key.length < LONGEST_KEYWORD) {
    key.text[key.length++] = (char)lexer->lookahead;
    advance(lexer);
  }
  bool after_blank = false;
  for (uint32_t count = key.length + 1; !at_line_end(lexer); count++) {
    int32_t c = lexer->lookahead;
    if (c == '#' && after_blank) break;
    if (count > MAX_KEY) return (Key){NO_KEY, KEY};
    bool may_end = !after_blank && (c == ':' || is_blank(c));
    if (mark && may_end) mark_end(lexer);
    advance(lexer);
    if (c == ':' && at_blank_or_end(lexer)) return plain_key(&key, true, valid);
    collect(&key, c);
    after_blank = is_blank(c);
  }
  if (mark && !after_blank) mark_end(lexer);
  return plain_key(&key, false, valid);
}

// The key of an entry, behind its properties. With `mark`, its end is marked.
static inline Key read_key(TSLexer *lexer, const bool *valid, bool mark, Prefix prefix) {
  if (prefix == FIRST_READ) return read_plain_key(lexer, valid, mark, prefix);
  int32_t c = lexer->lookahead;
  if (c == '"' || c == '\'') return read_quoted_key(lexer, mark);
  if (c == '*') return read_alias_key(lexer, mark);
  if (c == '[' || c == '{') return read_complex_key(lexer, mark);
  if (!begins_plain(c)) return (Key){NO_KEY, KEY};
  if (c == '-' || c == '?') {
    advance(lexer);
    if (at_blank_or_end(lexer)) return (Key){NO_KEY, KEY};
    if (mark) mark_end(lexer);
    return read_plain_key(lexer, valid, mark, FIRST_READ);
  }
  return read_plain_key(lexer, valid, mark, prefix);
}

// Moves over anchors and tags. Is what they are stands before something in this line?
static inline bool pass_properties(TSLexer *lexer, bool *any) {
  *any = false;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (c != '&' && c != '!') return !*any || !at_line_end(lexer);
    advance(lexer);
    if (c == '!') pass_tag(lexer, false);
    else if (!pass_name(lexer, false)) return false;
    *any = true;
    pass_blanks(lexer);
  }
}

// A line that may be an entry, its properties included.
static inline KeyKind read_entry(TSLexer *lexer, Prefix prefix) {
  bool any;
  if (prefix == NOTHING_READ && !pass_properties(lexer, &any)) return NO_KEY;
  return read_key(lexer, NULL, false, prefix).kind;
}

// Does a plain key begin here that is certain to be one? Its text is read.
static inline bool pass_certain_key(TSLexer *lexer) {
  return is_word(lexer->lookahead) &&
         read_plain_key(lexer, NULL, false, NOTHING_READ).kind == KEYED;
}

#endif
