; The one-line languages inside scalars. Quoted text is left out: its quotes and escapes are not part
; of what they mean, and a query cannot take them off.

((comment) @injection.content
  (#set! injection.language "comment"))

; --- types of fields ---

((field_definition value: (plain_scalar) @injection.content)
  (#set! injection.language "specql_type"))

((field_definition
  value: (block_mapping
    (pair
      key: (key) @_key
      value: (plain_scalar) @injection.content)))
  (#eq? @_key "type")
  (#set! injection.language "specql_type"))

((field_definition
  value: (flow_mapping
    (flow_pair
      key: (key) @_key
      value: (plain_scalar) @injection.content)))
  (#eq? @_key "type")
  (#set! injection.language "specql_type"))

; --- steps and expressions ---

((step_mapping
  (pair
    key: (key) @_key
    value: [
      (plain_scalar) @injection.content
      (block_scalar (block_content) @injection.content)
    ]))
  (#any-of? @_key
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "where")
  (#set! injection.language "specql_step"))

((action_mapping
  (pair
    key: (key) @_key
    value: (plain_scalar) @injection.content))
  (#eq? @_key "requires")
  (#set! injection.language "specql_step"))
