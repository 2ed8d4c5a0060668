// Characters, words, numbers, quoted text, comments and raw SQL.
//
// What does not close ends with its line or with the text, so that no shape is read again and again.
#ifndef SPECQL_STEP_TEXT_H_
#define SPECQL_STEP_TEXT_H_

#include "tokens.h"

typedef TSLexer Lexer;
enum { LONGEST_TAG = 63 };

static inline void advance(Lexer *lexer) { lexer->advance(lexer, false); }
static inline bool at_end(Lexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }
static inline bool is_break(int32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }
static inline bool is_space(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0xfeff || is_break(c); }
static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool starts_name(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 0xa0 && !is_space(c));
}
static inline bool in_name(int32_t c) { return starts_name(c) || is_digit(c); }
static inline void pass_spaces(Lexer *lexer) { while (is_space(lexer->lookahead)) advance(lexer); }
static bool eat(Lexer *lexer, int32_t c) {
  if (lexer->lookahead != c) return false;
  advance(lexer);
  return true;
}

// A word in small letters; its length may exceed the room.
typedef struct { char text[LONGEST_WORD]; unsigned length; } Word;

static Word read_word(Lexer *lexer) {
  Word word = {.length = 0};
  while (in_name(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    if (word.length < LONGEST_WORD) word.text[word.length] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 128 ? c : 1);
    word.length++;
    advance(lexer);
  }
  return word;
}
static bool word_is(const Word *word, const char *text) {
  return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}
// Reads spaces and a word; is it this one?
static bool next_word_is(Lexer *lexer, const char *text) {
  pass_spaces(lexer);
  Word word = read_word(lexer);
  return word_is(&word, text);
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
    if (c != quote || eat(lexer, quote)) continue;
    lexer->mark_end(lexer);
    return true;
  }
  if (!broken) lexer->mark_end(lexer);
  return false;
}
// The tag between two dollar signs, after the first one; false when it is none, then something of it
// may have been read.
typedef struct { int32_t text[LONGEST_TAG]; unsigned length; } Tag;

static bool read_tag(Lexer *lexer, Tag *tag) {
  tag->length = 0;
  if (!starts_name(lexer->lookahead) && lexer->lookahead != '$') return false;
  while (in_name(lexer->lookahead)) {
    if (tag->length == LONGEST_TAG) return false;
    tag->text[tag->length++] = lexer->lookahead;
    advance(lexer);
  }
  return eat(lexer, '$');
}
// The text after `$tag$`, to the next `$tag$` or the end of all text.
static bool read_dollar_text(Lexer *lexer, const Tag *tag) {
  while (!at_end(lexer)) {
    if (!eat(lexer, '$')) { advance(lexer); continue; }
    unsigned at = 0;
    while (at < tag->length && lexer->lookahead == tag->text[at]) { advance(lexer); at++; }
    if (at == tag->length && eat(lexer, '$')) return true;
  }
  return false;
}
// `--` to the end of its line, or `/*` to its `*/`, from the second character on. The end is marked.
static bool read_comment(Lexer *lexer) {
  unsigned depth = 0;
  if (lexer->lookahead == '-') {
    while (!at_end(lexer) && !is_break(lexer->lookahead)) advance(lexer);
    lexer->mark_end(lexer);
    return true;
  }
  advance(lexer);
  depth = 1;
  while (!at_end(lexer) && depth > 0) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '*' && eat(lexer, '/')) depth--;
    else if (c == '/' && eat(lexer, '*')) depth++;
  }
  lexer->mark_end(lexer);
  return depth == 0;
}
// After `(`: does SQL begin here? A name that is one of its words stands alone or is compared.
static bool sql_begins(Lexer *lexer) {
  pass_spaces(lexer);
  Word word = read_word(lexer);
  if (!word_is(&word, "select") && !word_is(&word, "with")) return false;
  pass_spaces(lexer);
  int32_t c = lexer->lookahead;
  return c != ')' && c != ',' && c != '.' && c != '=';
}
// A dollar sign of SQL: text in dollar quotes is passed over.
static void pass_dollar(Lexer *lexer, bool after_name) {
  Tag tag;
  if (!after_name && read_tag(lexer, &tag)) read_dollar_text(lexer, &tag);
}
// A quoted text of SQL, after its quote.
static void pass_quoted(Lexer *lexer, int32_t quote, bool backslashes) {
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '\\' && backslashes && !at_end(lexer)) advance(lexer);
    else if (c == quote && !eat(lexer, quote)) return;
  }
}
static void pass_comment(Lexer *lexer, int32_t first) {
  if (first == '-' && lexer->lookahead == '-') read_comment(lexer);
  if (first == '/' && lexer->lookahead == '*') read_comment(lexer);
}
// SQL after its `(`, up to the parenthesis that closes it. The end is marked.
static bool read_sql(Lexer *lexer) {
  int32_t before = ' ', last = ' '; // the characters before
  unsigned depth = 1;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '\'' || c == '"') pass_quoted(lexer, c, c == '\'' && (last == 'e' || last == 'E') && !in_name(before));
    else if (c == '$') pass_dollar(lexer, in_name(last));
    else if (c == '-' || c == '/') pass_comment(lexer, c);
    else if (c == '(') depth++;
    else if (c == ')' && --depth == 0) { lexer->mark_end(lexer); return true; }
    before = last;
    last = c;
  }
  lexer->mark_end(lexer);
  return false;
}
static void read_digits(Lexer *lexer) { while (is_digit(lexer->lookahead)) advance(lexer); }
// A number whose first digits, or whose dot, have been read. The end is marked.
static void read_number(Lexer *lexer, bool after_dot) {
  read_digits(lexer);
  lexer->mark_end(lexer);
  if (!after_dot && eat(lexer, '.')) {
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

#endif
