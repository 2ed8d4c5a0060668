; Generated from grammar/specql_step/queries/highlights.scm by `cargo xtask generate`; edits get lost.

; Colours of steps and expressions. Where several patterns capture a node, the last one counts.

(path (identifier) @variable)
(path (identifier) "." (identifier) @property)
((path . (identifier) @variable.special)
  (#any-of? @variable.special "input" "old" "new"))
(path "$" . (identifier) @variable)

(step
  target: (path (identifier) @type)
  [(set_clause) (values_clause) (from_clause) (where_clause)])
(exists_expression entity: (path (identifier) @type))
(assignment field: (path (identifier) @property))
(call function: (path (identifier) @function))
; An entity alone, or with the fields that are taken from the input: entities begin with a capital.
((step . target: (path (identifier) @type) .)
  (#match? @type "^[A-Z]"))
((step target: (call function: (path (identifier) @type)))
  (#match? @type "^[A-Z]"))
; A loop runs over the rows of an entity.
((step target: (in_expression collection: (path (identifier) @type)))
  (#match? @type "^[A-Z]"))
(type (path (identifier) @type))
(type (type_modifier) @type)
(typed_literal type: (path (identifier) @type))
(matches_expression pattern: (path (identifier) @type))

[(string) (unclosed_string)] @string
(matches_expression pattern: (string) @string.regex)
(binary_expression
  operator: (regex_operator)
  right: (string) @string.regex)
(number) @number
(boolean) @boolean
(null) @constant
(parameter) @variable
[(raw_sql) (unclosed_raw_sql)] @string.special

["SET" "VALUES" "FROM" "WHERE" "AS" "CAST" "ARRAY" "FOR" "PLACING" "BOTH" "LEADING" "TRAILING"] @keyword
[
  "AND" "OR" "NOT" "IS" "IN" "LIKE" "ILIKE" "BETWEEN" "EXISTS" "MATCHES" "VALID" "UNIQUE" "DISTINCT"
  "SIMILAR" "TO" "ESCAPE" "SYMMETRIC" "AT" "TIME" "ZONE"
] @keyword
["CASE" "WHEN" "THEN" "ELSE" "END"] @keyword
(is_expression ["NULL" "TRUE" "FALSE" "UNKNOWN"] @constant)

["=" "<>" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" "^" "||" "::" (operator) (regex_operator) (star)] @operator
["(" ")" "[" "]" "[]"] @punctuation.bracket
["," "."] @punctuation.delimiter
"$" @punctuation.special

[(comment) (unclosed_comment)] @comment

; --- what the author has to mend ---

; Left out: themes have no colour for it.
