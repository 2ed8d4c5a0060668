// Lexer of the specql_type grammar. It is total: a token that the parser cannot take here stands for
// something that is missing before it, or is `unexpected`.
#include "tree_sitter/parser.h"
#include <string.h>

// In the order of the grammar's `externals`.
enum {
  IDENTIFIER, ENUM, LIST, REF, VALUE, STRING, UNCLOSED_STRING, DEFAULT_TEXT,
  PARENTHESIS, BRACKET, CLOSE_PARENTHESIS, CLOSE_BRACKET, COMMA, PIPE, DOT, ARRAY,
  REQUIRED, REQUIRED_BEFORE, OPTIONAL, EQUAL,
  MISSING_SEGMENT, MISSING_TYPE, MISSING_NAME, MISSING_VALUE, MISSING_DEFAULT, MISSING_CLOSE,
  UNEXPECTED, ERROR_SENTINEL,
  // Not tokens: the end of the text, and characters of no token.
  END, JUNK,
};
enum { LONGEST_WORD = 4 };
typedef TSLexer Lexer;

static inline void advance(Lexer *lexer) { lexer->advance(lexer, false); }
static inline bool at_end(Lexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }
static inline bool is_space(int32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}
static inline bool starts_name(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 0xa0 && !is_space(c));
}
static inline bool in_name(int32_t c) { return starts_name(c) || (c >= '0' && c <= '9'); }

static bool emit(Lexer *lexer, int token) {
  lexer->result_symbol = (TSSymbol)token;
  return true;
}
static bool emit_marked(Lexer *lexer, int token) {
  lexer->mark_end(lexer);
  return emit(lexer, token);
}

// A quoted text; without its end it goes up to the bracket or comma that may close the list, else to
// the end of the text.
static bool scan_string(Lexer *lexer, bool in_list) {
  int32_t quote = lexer->lookahead;
  bool broken = false;
  advance(lexer);
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (in_list && !broken && (c == ',' || c == ')' || c == ']')) { lexer->mark_end(lexer); broken = true; }
    advance(lexer);
    if (c != quote) continue;
    if (lexer->lookahead == quote) { advance(lexer); continue; }
    return emit_marked(lexer, STRING);
  }
  if (!broken) lexer->mark_end(lexer);
  return emit(lexer, UNCLOSED_STRING);
}
// The text of a default, without blanks around it and a `!` that closes the field.
static bool scan_default(Lexer *lexer) {
  bool any = false;
  while (!at_end(lexer)) {
    bool bang = lexer->lookahead == '!';
    if (is_space(lexer->lookahead)) { advance(lexer); continue; }
    if (!bang) { advance(lexer); lexer->mark_end(lexer); any = true; continue; }
    advance(lexer);
    while (is_space(lexer->lookahead)) advance(lexer);
    if (!at_end(lexer)) any = true;
    // The next turn marks an end beyond this `!`, since more text follows.
  }
  return emit(lexer, any ? DEFAULT_TEXT : MISSING_DEFAULT);
}
// A quoted default must end the field, but for a `!`: `'a' || 'b'` is plain text.
static bool scan_quoted_default(Lexer *lexer) {
  int32_t quote = lexer->lookahead;
  bool closed = false, alone = true;
  advance(lexer);
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (!closed) {
      if (c != quote) continue;
      if (lexer->lookahead == quote) { advance(lexer); continue; }
      closed = true;
      lexer->mark_end(lexer);
    } else if (!is_space(c) && c != '!') {
      alone = false;
      lexer->mark_end(lexer);
    }
  }
  if (!closed) lexer->mark_end(lexer);
  return emit(lexer, !closed ? UNCLOSED_STRING : alone ? STRING : DEFAULT_TEXT);
}
// A value of a list: everything up to a comma or a bracket, parentheses in pairs.
static bool scan_value(Lexer *lexer) {
  unsigned depth = 0;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (depth == 0 && (c == ',' || c == ')' || c == ']')) break;
    if (c == '(' || c == '[') depth++;
    if (c == ')' || c == ']') depth--;
    advance(lexer);
    if (!is_space(c)) lexer->mark_end(lexer);
  }
  return emit(lexer, VALUE);
}
static int word_token(Lexer *lexer) {
  char text[LONGEST_WORD];
  unsigned length = 0;
  while (in_name(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    if (length < LONGEST_WORD) text[length] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 128 ? c : 1);
    length++;
    advance(lexer);
  }
  if (length == 4 && memcmp(text, "enum", 4) == 0) return ENUM;
  if (length == 4 && memcmp(text, "list", 4) == 0) return LIST;
  if (length == 3 && memcmp(text, "ref", 3) == 0) return REF;
  return IDENTIFIER;
}
static int read_sign(Lexer *lexer, const bool *valid) {
  int32_t c = lexer->lookahead;
  advance(lexer);
  switch (c) {
    case '(': return PARENTHESIS;
    case ')': return CLOSE_PARENTHESIS;
    case ']': return CLOSE_BRACKET;
    case ',': return COMMA;
    case '|': return PIPE;
    case '.': return DOT;
    case '?': return OPTIONAL;
    case '=': return EQUAL;
    case '[':
      if (lexer->lookahead != ']' || !valid[ARRAY]) return BRACKET;
      advance(lexer);
      return ARRAY;
    default: return JUNK;
  }
}
// A token that was read to its end, or the one that takes its place.
static bool emit_read(Lexer *lexer, const bool *valid, int token) {
  if (token < UNEXPECTED && valid[token]) return emit_marked(lexer, token);
  if (token != JUNK && token != IDENTIFIER) {
    if (valid[MISSING_TYPE] && token != DOT) return emit(lexer, MISSING_TYPE);
    if (valid[MISSING_NAME] && token != DOT) return emit(lexer, MISSING_NAME);
  }
  if (valid[MISSING_CLOSE] && (token == END || token == EQUAL)) return emit(lexer, MISSING_CLOSE);
  if (token == END) return false;
  return emit_marked(lexer, UNEXPECTED);
}
static bool scan_word(Lexer *lexer, const bool *valid) {
  int token = word_token(lexer);
  if (token != IDENTIFIER && valid[token]) {
    lexer->mark_end(lexer);
    while (is_space(lexer->lookahead)) advance(lexer);
    bool opens = lexer->lookahead == '(' || lexer->lookahead == '[';
    return emit(lexer, opens ? token : valid[IDENTIFIER] ? IDENTIFIER : UNEXPECTED);
  }
  return emit_read(lexer, valid, IDENTIFIER);
}
// `!`, at the end of a type or before its parameters.
static bool scan_required(Lexer *lexer, const bool *valid) {
  advance(lexer);
  if (!valid[REQUIRED] && !valid[REQUIRED_BEFORE]) return emit_read(lexer, valid, REQUIRED);
  lexer->mark_end(lexer);
  bool before = lexer->lookahead == '(' && valid[REQUIRED_BEFORE];
  return emit(lexer, before ? REQUIRED_BEFORE : valid[REQUIRED] ? REQUIRED : UNEXPECTED);
}

bool tree_sitter_specql_type_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[ERROR_SENTINEL]) return false;
  lexer->mark_end(lexer);
  if (valid[MISSING_SEGMENT]) { // right after a dot
    if (starts_name(lexer->lookahead)) return scan_word(lexer, valid);
    return emit(lexer, MISSING_SEGMENT);
  }
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  bool end = at_end(lexer), quote = c == '\'' || c == '"';
  if (valid[MISSING_DEFAULT]) {
    if (end) return emit(lexer, MISSING_DEFAULT);
    return quote ? scan_quoted_default(lexer) : scan_default(lexer);
  }
  if (valid[MISSING_VALUE]) {
    if (end || c == ',' || c == ')' || c == ']') return emit(lexer, MISSING_VALUE);
    return quote ? scan_string(lexer, true) : scan_value(lexer);
  }
  if (end) return emit_read(lexer, valid, END);
  if (starts_name(c)) return scan_word(lexer, valid);
  if (c == '!') return scan_required(lexer, valid);
  return emit_read(lexer, valid, read_sign(lexer, valid));
}

void *tree_sitter_specql_type_external_scanner_create(void) { return NULL; }
void tree_sitter_specql_type_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_specql_type_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_specql_type_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
