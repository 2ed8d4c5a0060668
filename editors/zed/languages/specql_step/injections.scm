; Generated from grammar/specql_step/queries/injections.scm by `cargo xtask generate`; edits get lost.

; SQL and regular expressions inside steps. A quote at either end of a pattern stands for itself in a
; regular expression, so it needs no cutting off.

([
  (raw_sql)
  (unclosed_raw_sql)
] @injection.content
  (#set! injection.language "sql"))

((matches_expression pattern: (string) @injection.content)
  (#set! injection.language "regex"))
((binary_expression
  operator: (regex_operator)
  right: (string) @injection.content)
  (#set! injection.language "regex"))
