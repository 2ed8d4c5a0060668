; Colours of a SpecQL file. Where several patterns capture a node, the last one counts.

(comment) @comment

; --- keys ---

(key) @property
(_ key: [(double_quoted) (single_quoted)] @property)
(field_definition key: (key) @variable.member)

[
  (entity_pair key: (key) @keyword)
  (schema_pair key: (key) @keyword)
  (description_pair key: (key) @keyword)
  (fields_pair key: (key) @keyword)
  (actions_pair key: (key) @keyword)
  (audit_pair key: (key) @keyword)
  (name_pair key: (key) @keyword)
  (steps_pair key: (key) @keyword)
  (impact_pair key: (key) @keyword)
  (cascade_pair key: (key) @keyword)
  (cdc_pair key: (key) @keyword)
  (primary_pair key: (key) @keyword)
  (side_effects_pair key: (key) @keyword)
  (cache_invalidations_pair key: (key) @keyword)
  (operation_pair key: (key) @keyword)
]

(step_mapping
  (pair key: (key) @keyword)
  (#any-of? @keyword
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "notify"
    "reject" "return" "refresh_table_view"))

; --- values ---

[
  (plain_scalar)
  (double_quoted)
  (single_quoted)
  (unclosed_double_quoted)
  (unclosed_single_quoted)
  (block_scalar)
] @string

; A quoted key is a key.
(_ key: [(double_quoted) (single_quoted)] @property)

((plain_scalar) @boolean
  (#match? @boolean "^(true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$"))
((plain_scalar) @constant.builtin
  (#any-of? @constant.builtin "~" "null" "Null" "NULL"))
((plain_scalar) @number
  (#match? @number "^[-+]?[0-9][0-9_]*([.][0-9]+)?([eE][-+]?[0-9]+)?$"))

(entity_pair value: (plain_scalar) @type)
(schema_pair value: (plain_scalar) @module)
(field_definition value: (plain_scalar) @type)
(action_mapping (name_pair value: (plain_scalar) @function))
(operation_pair value: (plain_scalar) @constant)
(effect_mapping (fields_pair value: (flow_sequence (plain_scalar) @variable.member)))
(effect_mapping
  (fields_pair value: (block_sequence (item value: (plain_scalar) @variable.member))))
(cdc_pair
  value: (block_mapping
    (pair
      key: (key) @property
      value: (plain_scalar) @type))
  (#eq? @property "event_type"))

; --- the rest of YAML ---

(anchor) @label
(alias) @label
(tag) @attribute
(directive) @keyword.directive
[
  (document_start)
  (document_end)
] @punctuation.special
(block_header) @punctuation.special

[
  ":"
  "-"
  "?"
  ","
] @punctuation.delimiter
[
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket

[
  (invalid_line)
  (invalid_text)
] @error
