// Operators and punctuation: the longest sign that the text begins with.
#ifndef SPECQL_STEP_SIGNS_H_
#define SPECQL_STEP_SIGNS_H_

#include "text.h"

static int then(Lexer *lexer, int32_t next, int longer, int shorter) { return eat(lexer, next) ? longer : shorter; }

static int read_less(Lexer *lexer) {
  if (eat(lexer, '>')) return NOT_EQUAL;
  if (eat(lexer, '<') || eat(lexer, '@')) return OPERATOR;
  return then(lexer, '=', LESS_OR_EQUAL, LESS);
}
static int read_greater(Lexer *lexer) {
  if (eat(lexer, '>')) return OPERATOR;
  return then(lexer, '=', GREATER_OR_EQUAL, GREATER);
}
static int read_exclamation(Lexer *lexer) {
  if (eat(lexer, '=')) return NOT_EQUAL;
  if (!eat(lexer, '~')) return JUNK;
  return then(lexer, '*', REGEX_OPERATOR, REGEX_OPERATOR);
}
static int read_minus(Lexer *lexer) {
  if (lexer->lookahead == '-') return COMMENT;
  if (!eat(lexer, '>')) return SUBTRACT;
  return then(lexer, '>', OPERATOR, OPERATOR);
}
static int read_hash(Lexer *lexer) {
  if (!eat(lexer, '>')) return JUNK;
  return then(lexer, '>', OPERATOR, OPERATOR);
}
// `?` where a value can stand, else an operator of JSON.
static int read_question(Lexer *lexer, bool is_value) {
  if (is_value) return PARAMETER;
  if (!eat(lexer, '|')) eat(lexer, '&');
  return OPERATOR;
}
// A sign, read to its end; of a comment its first character.
static int read_sign(Lexer *lexer, const bool *valid) {
  int32_t c = lexer->lookahead;
  advance(lexer);
  switch (c) {
    case '?': return read_question(lexer, valid[PARAMETER]);
    case '.': return DOT;
    case ',': return COMMA;
    case ')': case ']': return CLOSE;
    case '[': return valid[EMPTY_BRACKETS] && eat(lexer, ']') ? EMPTY_BRACKETS : BRACKET;
    case ':': return then(lexer, ':', CAST_SIGN, JUNK);
    case '=': return eat(lexer, '>') ? JUNK : then(lexer, '=', EQUAL, EQUAL);
    case '<': return read_less(lexer);
    case '>': return read_greater(lexer);
    case '!': return read_exclamation(lexer);
    case '~': return then(lexer, '*', REGEX_OPERATOR, REGEX_OPERATOR);
    case '+': return ADD;
    case '-': return read_minus(lexer);
    case '*': return MULTIPLY;
    case '/': return lexer->lookahead == '*' ? COMMENT : DIVIDE;
    case '%': return MODULO;
    case '^': return POWER;
    case '|': return then(lexer, '|', CONCAT, OPERATOR);
    case '&': return then(lexer, '&', OPERATOR, OPERATOR);
    case '@': return eat(lexer, '>') || eat(lexer, '@') || eat(lexer, '?') ? OPERATOR : JUNK;
    case '#': return read_hash(lexer);
    default: return JUNK;
  }
}

#endif
