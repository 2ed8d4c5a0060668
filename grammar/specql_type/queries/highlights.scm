; Colours of field types. Where several patterns capture a node, the last one counts.

(named_type name: (identifier) @type)
["enum" "list" "ref"] @keyword
(entity name: (identifier) @type)
(entity schema: (identifier) @module)
(enum_type (value) @constant)
(parameters (value) @number)
[(string) (unclosed_string)] @string
(default_text) @constant
((default_text) @number
  (#match? @number "^[-+]?[0-9]+([.][0-9]+)?$"))
((default_text) @boolean
  (#any-of? @boolean "true" "false"))
[(required) (optional) "=" "|"] @operator
["(" ")" "[" "]" "[]"] @punctuation.bracket
["," "."] @punctuation.delimiter
