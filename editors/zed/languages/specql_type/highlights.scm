; Generated from grammar/specql_type/queries/highlights.scm by `cargo xtask generate`; edits get lost.

; Colours of field types. Where several patterns capture a node, the last one counts.

(named_type name: (identifier) @type)
((named_type name: (identifier) @type)
  (#any-of? @type
    "text" "integer" "bigint" "smallint" "float" "double" "decimal" "numeric" "boolean" "json" "jsonb"
    "bytea" "timestamp" "timestamptz" "time" "date" "datetime" "uuid"))
["enum" "list" "ref"] @keyword
(entity name: (identifier) @type)
(entity schema: (identifier) @type)
(enum_type (value) @constant)
(parameters (value) @number)
[(string) (unclosed_string)] @string
(default_text) @constant
((default_text) @number
  (#match? @number "^[-+]?[0-9]+([.][0-9]+)?$"))
((default_text) @boolean
  (#any-of? @boolean "true" "false"))
((default_text) @constant
  (#any-of? @constant "null" "NULL"))
((default_text) @function
  (#match? @function "^[A-Za-z_][A-Za-z0-9_.]*[(]"))
[(required) (optional) "=" "|"] @operator
["(" ")" "[" "]" "[]"] @punctuation.bracket
["," "."] @punctuation.delimiter

; What the author has to mend. Quotes are those of the scalar in which the type stands.
; Left out: themes have no colour for it.
