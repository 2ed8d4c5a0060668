; Generated from grammar/specql_type/queries/highlights.scm by `cargo xtask generate`; edits get lost.

; Colours of field types. Where several patterns capture a node, the last one counts.

(named_type name: (identifier) @type)
((named_type name: (identifier) @type.builtin)
  (#any-of? @type.builtin
    "text" "integer" "bigint" "smallint" "float" "double" "decimal" "numeric" "boolean" "json" "jsonb"
    "bytea" "timestamp" "timestamptz" "time" "date" "datetime" "uuid"))
["enum" "list" "ref"] @keyword
(entity name: (identifier) @type)
(entity schema: (identifier) @namespace)
(enum_type (value) @constant)
(parameters (value) @constant.numeric.integer)
[(string) (unclosed_string)] @string
(default_text) @constant
((default_text) @constant.numeric.integer
  (#match? @constant.numeric.integer "^[-+]?[0-9]+([.][0-9]+)?$"))
((default_text) @constant.builtin.boolean
  (#any-of? @constant.builtin.boolean "true" "false"))
((default_text) @constant.builtin
  (#any-of? @constant.builtin "null" "NULL"))
((default_text) @function
  (#match? @function "^[A-Za-z_][A-Za-z0-9_.]*[(]"))
[(required) (optional) "=" "|"] @operator
["(" ")" "[" "]" "[]"] @punctuation.bracket
["," "."] @punctuation.delimiter

; What the author has to mend. Quotes are those of the scalar in which the type stands.
((unexpected) @error
  (#not-any-of? @error "\"" "'"))
