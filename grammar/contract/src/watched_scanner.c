// The scanner of the file grammar, and a watch on its contract with the parser: every token that it
// emits is one that the parser can take. The same file holds both, so the scanner is as it ships.
#define scan_under_watch watched_tree_sitter_specql_external_scanner_scan
#undef tree_sitter_specql_external_scanner_scan
#undef tree_sitter_specql_external_scanner_serialize
#define tree_sitter_specql_external_scanner_scan inner_scan
#define tree_sitter_specql_external_scanner_serialize inner_serialize
#include "scanner.c"

uint64_t specql_scans;
uint64_t specql_refused;
uint64_t specql_last_refused;
uint64_t specql_largest_state;

bool scan_under_watch(void *payload, TSLexer *lexer, const bool *valid) {
  bool found = inner_scan(payload, lexer, valid);
  specql_scans++;
  if (found && !valid[ERROR_SENTINEL] && !valid[lexer->result_symbol]) {
    specql_refused++;
    specql_last_refused = lexer->result_symbol;
  }
  return found;
}

unsigned watched_tree_sitter_specql_external_scanner_serialize(void *payload, char *buffer) {
  unsigned length = inner_serialize(payload, buffer);
  if (length > specql_largest_state) specql_largest_state = length;
  return length;
}
