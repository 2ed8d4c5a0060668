// Lexer of the specql_step grammar. It is total: a token that the parser cannot take here stands for
// something that is missing before it, or is `unexpected`.
#include "tree_sitter/parser.h"
#include <stdlib.h>
#include <string.h>

// In the order of the grammar's `externals`.
enum {
  IDENTIFIER, NUMBER, STRING, UNCLOSED_STRING, RAW_SQL, UNCLOSED_RAW_SQL, REGEX_OPERATOR,
  CLOSE, BETWEEN_AND,
  PARAMETER, DOLLAR, DOT, COMMA, OPEN, CAST_SIGN, ARRAY,
  EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL,
  ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, CONCAT,
  KW_AND, KW_OR, KW_NOT, KW_IS, KW_IN, KW_LIKE, KW_ILIKE, KW_BETWEEN, KW_NULL, KW_TRUE, KW_FALSE,
  KW_CASE, KW_WHEN, KW_THEN, KW_ELSE, KW_END, KW_EXISTS, KW_MATCHES, KW_VALID, KW_UNIQUE, KW_CAST, KW_AS,
  KW_SET, KW_VALUES, KW_FROM, KW_WHERE,
  MISSING_SEGMENT, MISSING_VALUE, MISSING_NAME, MISSING_EQUALS, MISSING_COMMA, MISSING_WORD, MISSING_CLOSE,
  UNEXPECTED, ERROR_SENTINEL,
  // Not tokens: the end of the text, and characters of no token.
  END, JUNK,
};
static const char *const KEYWORDS[] = {
  "and", "or", "not", "is", "in", "like", "ilike", "between", "null", "true", "false", "case", "when", "then",
  "else", "end", "exists", "matches", "valid", "unique", "cast", "as", "set", "values", "from", "where"};
enum { KEYWORD_COUNT = KW_WHERE - KW_AND + 1, LONGEST_WORD = 8 };

typedef struct { uint8_t cases; } State; // open CASE expressions, at most 255
typedef TSLexer Lexer;

static inline void advance(Lexer *lexer) { lexer->advance(lexer, false); }
static inline bool at_end(Lexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }
static inline bool is_break(int32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }
static inline bool is_space(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0xfeff || is_break(c); }
static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool starts_name(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 0xa0 && !is_space(c));
}
static inline bool in_name(int32_t c) { return starts_name(c) || is_digit(c); }

// Reads a word into `text`, in small letters; its length, which may exceed the room.
static unsigned read_word(Lexer *lexer, char text[LONGEST_WORD]) {
  unsigned length = 0;
  while (in_name(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    if (length < LONGEST_WORD) text[length] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 128 ? c : 1);
    length++;
    advance(lexer);
  }
  return length;
}
static bool word_is(const char *text, unsigned length, const char *word) {
  return length == strlen(word) && length <= LONGEST_WORD && memcmp(text, word, length) == 0;
}
static int keyword(const char *text, unsigned length) {
  for (int i = 0; i < KEYWORD_COUNT; i++) if (word_is(text, length, KEYWORDS[i])) return KW_AND + i;
  return IDENTIFIER;
}

// A quoted text from its quote on. Unclosed, it ends with its line. The end is marked.
static bool read_string(Lexer *lexer, bool backslashes) {
  int32_t quote = lexer->lookahead;
  bool broken = false;
  advance(lexer);
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_break(c) && !broken) { lexer->mark_end(lexer); broken = true; }
    advance(lexer);
    if (c == '\\' && backslashes && !at_end(lexer)) { advance(lexer); continue; }
    if (c != quote) continue;
    if (lexer->lookahead == quote) { advance(lexer); continue; }
    lexer->mark_end(lexer);
    return true;
  }
  if (!broken) lexer->mark_end(lexer);
  return false;
}
// After `(`: does SQL begin here?
static bool sql_begins(Lexer *lexer) {
  char text[LONGEST_WORD];
  while (is_space(lexer->lookahead)) advance(lexer);
  unsigned length = read_word(lexer, text);
  return word_is(text, length, "select") || word_is(text, length, "with");
}
// SQL after its `(`, up to the parenthesis that closes it.
static bool read_sql(Lexer *lexer) {
  int32_t quote = 0;
  unsigned depth = 1;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (quote) { if (c == quote) quote = 0; continue; }
    if (c == '\'' || c == '"') quote = c;
    if (c == '(') depth++;
    if (c == ')' && --depth == 0) { lexer->mark_end(lexer); return true; }
  }
  lexer->mark_end(lexer);
  return false;
}
static void read_digits(Lexer *lexer) { while (is_digit(lexer->lookahead)) advance(lexer); }
// A number whose first digits, or whose dot, have been read.
static void read_number(Lexer *lexer, bool after_dot) {
  read_digits(lexer);
  lexer->mark_end(lexer);
  if (!after_dot && lexer->lookahead == '.') {
    advance(lexer);
    if (!is_digit(lexer->lookahead)) return;
    read_digits(lexer);
    lexer->mark_end(lexer);
  }
  if (lexer->lookahead != 'e' && lexer->lookahead != 'E') return;
  advance(lexer);
  if (lexer->lookahead == '+' || lexer->lookahead == '-') advance(lexer);
  if (!is_digit(lexer->lookahead)) return;
  read_digits(lexer);
  lexer->mark_end(lexer);
}
static int then(Lexer *lexer, int32_t next, int longer, int shorter) {
  if (lexer->lookahead != next) return shorter;
  advance(lexer);
  return longer;
}
// A sign, read to its end.
static int read_sign(Lexer *lexer) {
  int32_t c = lexer->lookahead;
  advance(lexer);
  switch (c) {
    case '?': return PARAMETER;
    case '$': return DOLLAR;
    case '.': return DOT;
    case ',': return COMMA;
    case '(': return OPEN;
    case ')': return CLOSE;
    case '[': return then(lexer, ']', ARRAY, JUNK);
    case ':': return then(lexer, ':', CAST_SIGN, JUNK);
    case '=': return then(lexer, '=', EQUAL, EQUAL);
    case '<':
      if (lexer->lookahead == '>') { advance(lexer); return NOT_EQUAL; }
      return then(lexer, '=', LESS_OR_EQUAL, LESS);
    case '>': return then(lexer, '=', GREATER_OR_EQUAL, GREATER);
    case '!':
      if (lexer->lookahead == '=') { advance(lexer); return NOT_EQUAL; }
      if (lexer->lookahead != '~') return JUNK;
      advance(lexer);
      return then(lexer, '*', REGEX_OPERATOR, REGEX_OPERATOR);
    case '~': return then(lexer, '*', REGEX_OPERATOR, REGEX_OPERATOR);
    case '+': return ADD;
    case '-':
      if (lexer->lookahead != '>') return SUBTRACT;
      advance(lexer);
      return then(lexer, '>', JUNK, JUNK);
    case '*': return MULTIPLY;
    case '/': return DIVIDE;
    case '%': return MODULO;
    case '|': return then(lexer, '|', CONCAT, JUNK);
    default: return JUNK;
  }
}

// Words that are never a name, but after a dot.
static bool is_reserved(const State *state, int kw) {
  switch (kw) {
    case KW_AND: case KW_OR: case KW_IS: case KW_IN: case KW_LIKE: case KW_ILIKE: case KW_BETWEEN: case KW_SET:
    case KW_WHERE: return true;
    case KW_WHEN: case KW_THEN: case KW_ELSE: case KW_END: return state->cases > 0;
    default: return false;
  }
}
static bool is_operand(int token) {
  switch (token) {
    case IDENTIFIER: case NUMBER: case STRING: case OPEN: case PARAMETER: case DOLLAR: case KW_NOT: case KW_NULL:
    case KW_TRUE: case KW_FALSE: case KW_CASE: case KW_EXISTS: case KW_CAST: return true;
    default: return false;
  }
}
static bool ends_parentheses(int token) {
  switch (token) {
    case END: case KW_SET: case KW_VALUES: case KW_FROM: case KW_WHERE: case KW_WHEN: case KW_THEN: case KW_ELSE:
    case KW_END: return true;
    default: return false;
  }
}
// What has to be missing before a token that cannot stand here, or UNEXPECTED.
static int missing_before(const bool *valid, int token) {
  if (token == JUNK) return UNEXPECTED;
  bool operand = is_operand(token), ends = ends_parentheses(token) || token == COMMA || token == CLOSE;
  if (valid[MISSING_VALUE] && !operand && token != DOT) return MISSING_VALUE;
  if (valid[MISSING_NAME] && (ends || token == EQUAL)) return MISSING_NAME;
  if (valid[MISSING_EQUALS] && (ends || operand)) return MISSING_EQUALS;
  if (valid[MISSING_COMMA] && operand) return MISSING_COMMA;
  if (valid[MISSING_WORD] && ends) return MISSING_WORD;
  if (valid[MISSING_CLOSE] && ends_parentheses(token)) return MISSING_CLOSE;
  return UNEXPECTED;
}
static bool emit(State *state, Lexer *lexer, int token) {
  if (token == KW_CASE && state->cases < UINT8_MAX) state->cases++;
  if (token == KW_END && state->cases > 0) state->cases--;
  lexer->result_symbol = (TSSymbol)token;
  return true;
}
// A token that was read to its end, or the one that takes its place.
static bool emit_read(State *state, Lexer *lexer, const bool *valid, int token) {
  if (token < UNEXPECTED && valid[token]) { lexer->mark_end(lexer); return emit(state, lexer, token); }
  int other = missing_before(valid, token);
  if (other != UNEXPECTED) return emit(state, lexer, other);
  if (token == END) return false;
  lexer->mark_end(lexer);
  return emit(state, lexer, UNEXPECTED);
}
static bool scan_word(State *state, Lexer *lexer, const bool *valid, bool after_dot) {
  char text[LONGEST_WORD];
  unsigned length = read_word(lexer, text);
  bool string = length == 1 && text[0] == 'e' && lexer->lookahead == '\'';
  if (string && !after_dot) {
    int other = valid[STRING] ? STRING : missing_before(valid, STRING);
    if (other != STRING && other != UNEXPECTED) return emit(state, lexer, other);
    bool closed = read_string(lexer, true);
    return emit(state, lexer, other == UNEXPECTED ? UNEXPECTED : closed ? STRING : UNCLOSED_STRING);
  }
  int kw = after_dot ? IDENTIFIER : keyword(text, length);
  if (kw == KW_AND && valid[BETWEEN_AND]) kw = BETWEEN_AND;
  if (kw == KW_CAST && valid[KW_CAST]) {
    lexer->mark_end(lexer);
    while (is_space(lexer->lookahead)) advance(lexer);
    return emit(state, lexer, lexer->lookahead == '(' ? KW_CAST : IDENTIFIER);
  }
  bool cased = kw < KW_WHEN || kw > KW_END || state->cases > 0;
  if (kw != IDENTIFIER && cased && valid[kw]) { lexer->mark_end(lexer); return emit(state, lexer, kw); }
  if (kw == BETWEEN_AND) kw = KW_AND;
  if (!is_reserved(state, kw) && (valid[IDENTIFIER] || !ends_parentheses(kw))) kw = IDENTIFIER;
  return emit_read(state, lexer, valid, kw);
}
static bool scan_string(State *state, Lexer *lexer, const bool *valid) {
  int other = valid[STRING] ? STRING : missing_before(valid, STRING);
  if (other != STRING && other != UNEXPECTED) return emit(state, lexer, other);
  bool closed = read_string(lexer, false);
  return emit(state, lexer, other == UNEXPECTED ? UNEXPECTED : closed ? STRING : UNCLOSED_STRING);
}
static bool scan_number(State *state, Lexer *lexer, const bool *valid, bool after_dot) {
  int other = valid[NUMBER] ? NUMBER : missing_before(valid, NUMBER);
  if (other == NUMBER || other == UNEXPECTED) read_number(lexer, after_dot);
  return emit(state, lexer, other);
}
// `(`, or SQL in parentheses.
static bool scan_open(State *state, Lexer *lexer, const bool *valid) {
  advance(lexer);
  if (!valid[OPEN] && !valid[RAW_SQL]) return emit_read(state, lexer, valid, OPEN);
  lexer->mark_end(lexer);
  if (valid[RAW_SQL] && sql_begins(lexer))
    return emit(state, lexer, read_sql(lexer) ? RAW_SQL : UNCLOSED_RAW_SQL);
  return emit(state, lexer, valid[OPEN] ? OPEN : UNEXPECTED);
}

bool tree_sitter_specql_step_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  State *state = payload;
  if (valid[ERROR_SENTINEL]) return false;
  lexer->mark_end(lexer);
  if (valid[MISSING_SEGMENT]) { // right after a dot or a dollar sign
    if (starts_name(lexer->lookahead)) return scan_word(state, lexer, valid, true);
    return emit(state, lexer, MISSING_SEGMENT);
  }
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  lexer->mark_end(lexer);
  if (at_end(lexer)) return emit_read(state, lexer, valid, END);
  int32_t c = lexer->lookahead;
  if (starts_name(c)) return scan_word(state, lexer, valid, false);
  if (is_digit(c)) return scan_number(state, lexer, valid, false);
  if (c == '\'' || c == '"') return scan_string(state, lexer, valid);
  if (c == '(') return scan_open(state, lexer, valid);
  int sign = read_sign(lexer);
  if (sign == DOT && !valid[DOT] && is_digit(lexer->lookahead)) return scan_number(state, lexer, valid, true);
  return emit_read(state, lexer, valid, sign);
}

void *tree_sitter_specql_step_external_scanner_create(void) { return calloc(1, sizeof(State)); }
void tree_sitter_specql_step_external_scanner_destroy(void *payload) { free(payload); }
unsigned tree_sitter_specql_step_external_scanner_serialize(void *payload, char *buffer) {
  buffer[0] = (char)((State *)payload)->cases;
  return buffer[0] != 0;
}
void tree_sitter_specql_step_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  ((State *)payload)->cases = length ? (uint8_t)buffer[0] : 0;
}
