// Lexer of the specql_step grammar. It is total: a token that the parser cannot take here stands for
// something that is missing before it, or is `unexpected`.
#include "tree_sitter/parser.h"
#include <stdlib.h>
#include <string.h>
#include "tokens.h"
#include "state.h"
#include "text.h"
#include "signs.h"

// Only the FROM of `IS DISTINCT FROM` stands where a word is missing.
static bool can_take(const State *state, const bool *valid, int token) {
  return valid[token] && (takes(state, token) || (token == KW_FROM && valid[MISSING_WORD]));
}

// What has to be missing before a token that cannot stand here, or UNEXPECTED.
static int missing_before(const State *state, const bool *valid, int token, int32_t closing) {
  if (token == JUNK) return UNEXPECTED;
  bool operand = is_operand(token), ends = ends_brackets(token) || token == COMMA || token == CLOSE;
  bool awaits_word = valid[KW_TIME] || valid[KW_ZONE] || valid[KW_TO];
  if (valid[MISSING_VALUE] && !operand && token != DOT) return MISSING_VALUE;
  if (valid[MISSING_NAME] && (ends || token == EQUAL)) return MISSING_NAME;
  if (valid[MISSING_EQUALS] && (ends || operand)) return MISSING_EQUALS;
  if (can_take(state, valid, MISSING_COMMA) && operand) return MISSING_COMMA;
  if (valid[MISSING_WORD] && (ends || is_between(token) || (operand && awaits_word))) return MISSING_WORD;
  bool outer = token == CLOSE && !closes_innermost(state, closing) && is_open(state, closing);
  if (valid[MISSING_CLOSE] && (ends_brackets(token) || outer)) return MISSING_CLOSE;
  return UNEXPECTED;
}
static bool emit(State *state, Lexer *lexer, int token) {
  if (token == KW_CASE && state->cases < UINT8_MAX) state->cases++;
  if (token == KW_END && state->cases > 0) state->cases--;
  if (token == KW_CAST) state->next_kind = CASTING;
  if (token == KW_ARRAY) state->next_kind = ELEMENTS;
  if (token == KEYWORD_FUNCTION) state->next_kind = KEYWORDED;
  if (token == CLOSE || token == MISSING_CLOSE) close_bracket(state);
  state->after_junk = token == UNEXPECTED;
  lexer->result_symbol = (TSSymbol)token;
  return true;
}
// A token that was read to its end, or the one that takes its place.
static bool emit_read(State *state, Lexer *lexer, const bool *valid, int token, int32_t first) {
  bool fits = token < UNEXPECTED && can_take(state, valid, token);
  if (token == CLOSE) fits = fits && closes_innermost(state, first);
  if (token == DOT) fits = fits && !state->after_junk;
  if (fits) {
    lexer->mark_end(lexer);
    if (token == BRACKET) open_bracket(state, state->next_kind == ELEMENTS ? ELEMENTS : INDEX);
    return emit(state, lexer, token);
  }
  int other = missing_before(state, valid, token, first);
  if (other != UNEXPECTED) return emit(state, lexer, other);
  if (token == END) return false;
  lexer->mark_end(lexer);
  return emit(state, lexer, UNEXPECTED);
}

// A string, or what takes its place; the lexer stands at its quote.
static bool scan_string(State *state, Lexer *lexer, const bool *valid, bool backslashes) {
  int other = valid[STRING] ? STRING : missing_before(state, valid, STRING, 0);
  if (other != STRING && other != UNEXPECTED) return emit(state, lexer, other);
  bool closed = read_string(lexer, backslashes);
  return emit(state, lexer, other == UNEXPECTED ? UNEXPECTED : closed ? STRING : UNCLOSED_STRING);
}
// `$name`, or a text in dollar quotes.
static bool scan_dollar(State *state, Lexer *lexer, const bool *valid) {
  Tag tag;
  advance(lexer);
  if (valid[DOLLAR]) lexer->mark_end(lexer);
  if (valid[DOLLAR] && !valid[STRING]) return emit(state, lexer, DOLLAR);
  if (!read_tag(lexer, &tag)) return valid[DOLLAR] ? emit(state, lexer, DOLLAR) : emit_read(state, lexer, valid, DOLLAR, '$');
  int other = valid[STRING] ? STRING : missing_before(state, valid, STRING, 0);
  if (other != STRING && other != UNEXPECTED) return emit(state, lexer, other);
  bool closed = read_dollar_text(lexer, &tag);
  lexer->mark_end(lexer);
  return emit(state, lexer, other == UNEXPECTED ? UNEXPECTED : closed ? STRING : UNCLOSED_STRING);
}
static bool scan_number(State *state, Lexer *lexer, const bool *valid, bool after_dot) {
  int other = valid[NUMBER] ? NUMBER : missing_before(state, valid, NUMBER, 0);
  if (other == NUMBER || other == UNEXPECTED) read_number(lexer, after_dot);
  return emit(state, lexer, other);
}
// The kind of a parenthesis at a place where the parser can take these tokens.
static enum Kind kind_of_open(const State *state, const bool *valid) {
  if (state->next_kind != ANY) return (enum Kind)state->next_kind;
  if (valid[MISSING_NAME]) return ONE;
  return valid[NUMBER] ? GROUP : LIST;
}
// `(`, or SQL in parentheses.
static bool scan_open(State *state, Lexer *lexer, const bool *valid) {
  advance(lexer);
  if (!valid[OPEN] && !valid[RAW_SQL]) return emit_read(state, lexer, valid, OPEN, '(');
  lexer->mark_end(lexer);
  if (valid[RAW_SQL] && sql_begins(lexer)) {
    state->next_kind = ANY;
    return emit(state, lexer, read_sql(lexer) ? RAW_SQL : UNCLOSED_RAW_SQL);
  }
  if (!valid[OPEN]) return emit(state, lexer, UNEXPECTED);
  open_bracket(state, kind_of_open(state, valid));
  return emit(state, lexer, OPEN);
}

// After a word: does a value follow? Then it is a keyword, else it may be a name.
static bool value_follows(Lexer *lexer) {
  pass_spaces(lexer);
  int32_t c = lexer->lookahead;
  return at_end(lexer) || in_name(c) || c == '\'' || c == '"' || c == '(' || c == '$' || c == '?';
}
static bool is_before(Lexer *lexer, int32_t c) {
  pass_spaces(lexer);
  return lexer->lookahead == c;
}
static bool time_follows(Lexer *lexer) {
  pass_spaces(lexer);
  return at_end(lexer) || lexer->lookahead == 't' || lexer->lookahead == 'T';
}
// A keyword that is a name unless something of its own follows; the end of the word is marked.
static bool is_followed(Lexer *lexer, int kw) {
  switch (kw) {
    case KW_CAST: return is_before(lexer, '(');
    case KW_ARRAY: return is_before(lexer, '[');
    case KW_AT: return time_follows(lexer);
    case KW_DISTINCT: case KW_SYMMETRIC: case KW_BOTH: case KW_LEADING: case KW_TRAILING: return value_follows(lexer);
    default: return true;
  }
}
static int keyword(const Word *word) {
  for (int i = 0; i < KEYWORD_COUNT; i++) if (word_is(word, KEYWORDS[i])) return KW_AND + i;
  return IDENTIFIER;
}
static bool is_keyword_function(const Word *word) {
  for (unsigned i = 0; i < sizeof KEYWORD_FUNCTIONS / sizeof *KEYWORD_FUNCTIONS; i++)
    if (word_is(word, KEYWORD_FUNCTIONS[i])) return true;
  return false;
}
// The rest of a type's name, from its first word on: `precision`, `varying`, `with time zone`.
static bool scan_type_modifier(State *state, Lexer *lexer, const Word *word) {
  bool zone = word_is(word, "with") || word_is(word, "without");
  if (zone) pass_spaces(lexer);
  lexer->mark_end(lexer);
  if (zone && !(next_word_is(lexer, "time") && next_word_is(lexer, "zone"))) return emit(state, lexer, UNEXPECTED);
  if (zone) lexer->mark_end(lexer);
  return emit(state, lexer, TYPE_MODIFIER);
}
static bool begins_type_modifier(const Word *word) {
  return word_is(word, "precision") || word_is(word, "varying") || word_is(word, "with") || word_is(word, "without");
}
// A word behind a whole expression: with a `=` after it a field, before which SET is missing. It may
// have blanks at its end, since only what follows them decides.
static bool scan_stray_word(State *state, Lexer *lexer) {
  bool assigned = is_before(lexer, '=');
  if (!assigned) lexer->mark_end(lexer);
  return emit(state, lexer, assigned ? MISSING_SET : UNEXPECTED);
}
static bool scan_word(State *state, Lexer *lexer, const bool *valid, bool after_dot) {
  Word word = read_word(lexer);
  if (!after_dot && word_is(&word, "e") && lexer->lookahead == '\'') return scan_string(state, lexer, valid, true);
  int kw = after_dot ? IDENTIFIER : keyword(&word);
  if (kw == KW_AND && valid[BETWEEN_AND]) kw = BETWEEN_AND;
  bool may_be = kw != IDENTIFIER && can_take(state, valid, kw) && (kw < KW_WHEN || kw > KW_END || state->cases > 0);
  if (may_be) {
    bool name_can_stand = valid[IDENTIFIER];
    lexer->mark_end(lexer);
    if (!name_can_stand || is_followed(lexer, kw)) return emit(state, lexer, kw);
    return emit(state, lexer, IDENTIFIER);
  }
  if (valid[KEYWORD_FUNCTION] && !after_dot && is_keyword_function(&word)) {
    lexer->mark_end(lexer);
    return emit(state, lexer, is_before(lexer, '(') ? KEYWORD_FUNCTION : IDENTIFIER);
  }
  if (valid[TYPE_MODIFIER] && !state->after_junk && begins_type_modifier(&word)) return scan_type_modifier(state, lexer, &word);
  if (kw == BETWEEN_AND) kw = KW_AND;
  bool separates = kw == KW_FROM && innermost(state) == KEYWORDED;
  if (!separates && !is_reserved(kw, state->cases > 0) && (valid[IDENTIFIER] || !ends_brackets(kw))) kw = IDENTIFIER;
  bool stray = kw == IDENTIFIER && valid[MISSING_SET] && !valid[IDENTIFIER] && !can_take(state, valid, MISSING_COMMA);
  return stray ? scan_stray_word(state, lexer) : emit_read(state, lexer, valid, kw, 0);
}
static bool scan_sign(State *state, Lexer *lexer, const bool *valid) {
  int32_t first = lexer->lookahead;
  int sign = read_sign(lexer, valid);
  if (sign == COMMENT) return emit(state, lexer, read_comment(lexer) ? COMMENT : UNCLOSED_COMMENT);
  bool goes_on = valid[DOT] && !state->after_junk;
  if (sign == DOT && !goes_on && is_digit(lexer->lookahead)) return scan_number(state, lexer, valid, true);
  return emit_read(state, lexer, valid, sign, first);
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
  if (at_end(lexer)) return emit_read(state, lexer, valid, END, 0);
  int32_t c = lexer->lookahead;
  if (starts_name(c)) return scan_word(state, lexer, valid, false);
  if (is_digit(c)) return scan_number(state, lexer, valid, false);
  if (c == '\'' || c == '"') return scan_string(state, lexer, valid, false);
  if (c == '(') return scan_open(state, lexer, valid);
  if (c == '$') return scan_dollar(state, lexer, valid);
  return scan_sign(state, lexer, valid);
}

void *tree_sitter_specql_step_external_scanner_create(void) { return calloc(1, sizeof(State)); }
void tree_sitter_specql_step_external_scanner_destroy(void *payload) { free(payload); }
unsigned tree_sitter_specql_step_external_scanner_serialize(void *payload, char *buffer) {
  return save_state(payload, buffer);
}
void tree_sitter_specql_step_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  load_state(payload, buffer, length);
}
