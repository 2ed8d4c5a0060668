// The external tokens, in the order of `externals` in grammar.js, and the keywords among them.
#ifndef SPECQL_STEP_TOKENS_H_
#define SPECQL_STEP_TOKENS_H_

enum {
  IDENTIFIER, NUMBER, STRING, UNCLOSED_STRING, RAW_SQL, UNCLOSED_RAW_SQL, REGEX_OPERATOR,
  OPERATOR, TYPE_MODIFIER, KEYWORD_FUNCTION, CLOSE, BETWEEN_AND,
  PARAMETER, DOLLAR, DOT, COMMA, OPEN, CAST_SIGN, EMPTY_BRACKETS,
  BRACKET, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL,
  ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER, CONCAT,
  KW_AND, KW_OR, KW_NOT, KW_IS, KW_IN, KW_LIKE, KW_ILIKE, KW_BETWEEN, KW_NULL, KW_TRUE, KW_FALSE,
  KW_CASE, KW_WHEN, KW_THEN, KW_ELSE, KW_END, KW_EXISTS, KW_MATCHES, KW_VALID, KW_UNIQUE, KW_CAST, KW_AS,
  KW_SET, KW_VALUES, KW_FROM, KW_WHERE, KW_UNKNOWN, KW_DISTINCT, KW_SIMILAR, KW_TO, KW_ESCAPE, KW_SYMMETRIC,
  KW_AT, KW_TIME, KW_ZONE, KW_ARRAY, KW_FOR, KW_PLACING, KW_BOTH, KW_LEADING, KW_TRAILING,
  MISSING_SEGMENT, MISSING_VALUE, MISSING_NAME, MISSING_EQUALS, MISSING_COMMA, MISSING_WORD, MISSING_CLOSE, MISSING_SET,
  COMMENT, UNCLOSED_COMMENT, UNEXPECTED, ERROR_SENTINEL,
  // Not tokens: the end of the text, and characters of no token.
  END, JUNK,
};
static const char *const KEYWORDS[] = {
  "and", "or", "not", "is", "in", "like", "ilike", "between", "null", "true", "false", "case", "when", "then",
  "else", "end", "exists", "matches", "valid", "unique", "cast", "as", "set", "values", "from", "where",
  "unknown", "distinct", "similar", "to", "escape", "symmetric", "at", "time", "zone", "array", "for",
  "placing", "both", "leading", "trailing"};
// Functions that SQL writes with keywords among their arguments.
static const char *const KEYWORD_FUNCTIONS[] = {"extract", "substring", "position", "overlay", "trim"};
enum { KEYWORD_COUNT = KW_TRAILING - KW_AND + 1, LONGEST_WORD = 9 };

// Words that are never a name, but after a dot.
static bool is_reserved(int kw, bool in_case) {
  switch (kw) {
    case KW_AND: case KW_OR: case KW_IS: case KW_IN: case KW_LIKE: case KW_ILIKE: case KW_BETWEEN: case KW_SET:
    case KW_WHERE: return true;
    case KW_WHEN: case KW_THEN: case KW_ELSE: case KW_END: return in_case;
    default: return false;
  }
}
static bool is_operand(int token) {
  switch (token) {
    case IDENTIFIER: case NUMBER: case STRING: case OPEN: case PARAMETER: case DOLLAR: case KW_NOT: case KW_NULL:
    case KW_TRUE: case KW_FALSE: case KW_CASE: case KW_EXISTS: case KW_CAST: case KW_ARRAY:
    case KEYWORD_FUNCTION: return true;
    default: return false;
  }
}
// What stands between two values, or after one and before a type or a keyword.
static bool is_between(int token) {
  switch (token) {
    case CAST_SIGN: case EQUAL: case NOT_EQUAL: case LESS: case LESS_OR_EQUAL: case GREATER: case GREATER_OR_EQUAL:
    case ADD: case SUBTRACT: case MULTIPLY: case DIVIDE: case MODULO: case POWER: case CONCAT: case OPERATOR:
    case REGEX_OPERATOR: case KW_AND: case KW_OR: case KW_IS: case KW_IN: case KW_LIKE: case KW_ILIKE:
    case KW_BETWEEN: return true;
    default: return false;
  }
}
// What nothing in open brackets goes on after.
static bool ends_brackets(int token) {
  switch (token) {
    case END: case KW_SET: case KW_VALUES: case KW_FROM: case KW_WHERE: case KW_WHEN: case KW_THEN: case KW_ELSE:
    case KW_END: return true;
    default: return false;
  }
}

#endif
