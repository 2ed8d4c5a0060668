// The external tokens, in the order of `externals` in grammar.js, and the keywords among the keys.
#ifndef SPECQL_TOKENS_H_
#define SPECQL_TOKENS_H_

enum Token {
  // Zero-width: a block begins, ends, or a value that is no key begins.
  MAPPING_START,
  SEQUENCE_START,
  STRAY_SEQUENCE_START,
  BLOCK_END,
  TWO_BLOCK_ENDS,
  SCALAR_START,
  PROPERTIES_START,
  LOOKAHEAD,
  // Entries.
  DASH,
  DASH_BEFORE_MAPPING,
  NEXT_DASH, // ends the mapping of the item before it
  NEXT_DASH_BEFORE_MAPPING,
  MISSING_DASH,
  KEY,
  DOUBLE_QUOTED_KEY,
  SINGLE_QUOTED_KEY,
  ALIAS_KEY,
  COMPLEX_KEY,
  KEY_ANCHOR,
  KEY_TAG,
  FIRST_KEYWORD,
  LAST_KEYWORD = FIRST_KEYWORD + 17,
  COLON,
  COLON_ABOVE_MAPPING,
  COLON_ABOVE_SEQUENCE,
  MISSING_COLON,
  EXPLICIT_KEY,
  EXPLICIT_COLON,
  MISINDENTED,
  // Values.
  PLAIN_SCALAR,
  DOUBLE_QUOTED,
  SINGLE_QUOTED,
  UNCLOSED_DOUBLE_QUOTED,
  UNCLOSED_SINGLE_QUOTED,
  BLOCK_HEADER,
  INDENTATION,
  BLOCK_SCALAR_END,
  ALIAS,
  ANCHOR,
  TAG,
  FLOW_SEQUENCE_OPEN,
  FLOW_SEQUENCE_CLOSE,
  FLOW_MAPPING_OPEN,
  FLOW_MAPPING_CLOSE,
  COMMA,
  FLOW_QUESTION,
  FLOW_COLON,
  UNCLOSED,
  // Documents.
  DOCUMENT_START,
  DOCUMENT_END,
  DIRECTIVE,
  // Extras: the parser takes these in every state.
  COMMENT,
  INVALID_LINE,
  INVALID_TEXT,
  // In no rule: valid only while tree-sitter recovers from an error.
  ERROR_SENTINEL,
};

typedef struct {
  const char *text;
  uint32_t length;
} Keyword;

#define KEYWORD(text) {text, sizeof(text) - 1}

// In the order of KEYWORDS in grammar.js.
static const Keyword KEYWORDS[] = {
  KEYWORD("entity"), KEYWORD("schema"), KEYWORD("description"), KEYWORD("fields"),
  KEYWORD("actions"), KEYWORD("audit"), KEYWORD("name"), KEYWORD("steps"),
  KEYWORD("impact"), KEYWORD("cascade"), KEYWORD("cdc"), KEYWORD("primary"),
  KEYWORD("side_effects"), KEYWORD("cache_invalidations"), KEYWORD("operation"), KEYWORD("then"),
  KEYWORD("else"), KEYWORD("do"),
};

enum { KEYWORD_COUNT = LAST_KEYWORD - FIRST_KEYWORD + 1, LONGEST_KEYWORD = 19 };
_Static_assert(sizeof(KEYWORDS) / sizeof(KEYWORDS[0]) == KEYWORD_COUNT, "one token a keyword");

// The token of a keyword, or KEY.
static inline enum Token keyword_token(const char *text, uint32_t length) {
  for (int i = 0; i < KEYWORD_COUNT; i++) {
    if (KEYWORDS[i].length == length && !memcmp(KEYWORDS[i].text, text, length)) {
      return FIRST_KEYWORD + i;
    }
  }
  return KEY;
}

#endif
