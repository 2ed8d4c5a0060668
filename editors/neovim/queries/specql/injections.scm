; Generated from grammar/specql/queries/injections.scm by `cargo xtask generate`; edits get lost.

; The one-line languages inside scalars.
;
; Types read past their quotes. Steps do not: to them a quoted text is a string, so the quotes are cut
; off, and text with escapes is left as it is.
; A block scalar is read with its indentation (`include-children`): without it the last word of a line
; and the first of the next would be one.

((comment) @injection.content
  (#set! injection.language "comment"))

; --- types of fields and parameters ---

((field_definition
  value: [
    (plain_scalar) @injection.content
    (double_quoted) @injection.content
    (single_quoted) @injection.content
    (block_scalar (block_content) @injection.content)
  ])
  (#set! injection.language "specql_type")
  (#set! injection.include-children))

((field_definition
  value: [
    (block_mapping
      (pair
        key: (key) @_key
        value: [(plain_scalar) (double_quoted) (single_quoted)] @injection.content))
    (flow_mapping
      (flow_pair
        key: (key) @_key
        value: [(plain_scalar) (double_quoted) (single_quoted)] @injection.content))
  ])
  (#any-of? @_key "type" "items" "of")
  (#set! injection.language "specql_type"))

((action_mapping
  (pair
    key: (key) @_params
    value: [
      (block_mapping
        (pair value: [(plain_scalar) (double_quoted) (single_quoted)] @injection.content))
      (flow_mapping
        (flow_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @injection.content))
    ]))
  (#any-of? @_params "params" "parameters" "inputs")
  (#set! injection.language "specql_type"))

((action_mapping
  (pair
    key: (key) @_params
    value: [
      (block_mapping
        (pair
          value: (block_mapping
            (pair
              key: (key) @_key
              value: (plain_scalar) @injection.content))))
      (block_sequence
        (item
          value: (block_mapping
            (pair
              key: (key) @_key
              value: (plain_scalar) @injection.content))))
    ]))
  (#any-of? @_params "params" "parameters" "inputs")
  (#eq? @_key "type")
  (#set! injection.language "specql_type"))

; --- steps ---

((step_mapping
  (pair
    key: (key) @_key
    value: [
      (plain_scalar) @injection.content
      (block_scalar (block_content) @injection.content)
    ]))
  (#any-of? @_key
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "notify"
    "where" "set" "condition" "expression" "to")
  (#set! injection.language "specql_step")
  (#set! injection.include-children))

; The long form: `update:` with `entity`, `where`, … below it.
((step_mapping
  (pair
    value: (block_mapping
      (pair
        key: (key) @_key
        value: [
          (plain_scalar) @injection.content
          (block_scalar (block_content) @injection.content)
        ]))))
  (#any-of? @_key "where" "set" "condition" "expression" "in" "collection" "to" "recipient")
  (#set! injection.language "specql_step")
  (#set! injection.include-children))

; The steps of a `switch` stand in blocks without names: there the key above the list decides.
((pair
  key: (key) @_block
  value: (block_sequence
    (item
      value: (block_mapping
        (pair
          key: (key) @_key
          value: [
            (plain_scalar) @injection.content
            (block_scalar (block_content) @injection.content)
          ])))))
  (#any-of? @_block "then" "else" "default" "do" "steps" "loop" "try" "catch" "finally")
  (#any-of? @_key
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "notify"
    "where" "set" "condition" "expression" "to")
  (#set! injection.language "specql_step")
  (#set! injection.include-children))

((pair
  key: (key) @_block
  value: (block_sequence
    (item
      value: (block_mapping
        (pair
          key: (key) @_key
          value: (plain_scalar) @injection.content)))))
  (#eq? @_block "cases")
  (#eq? @_key "when")
  (#set! injection.language "specql_step"))

; Steps in flow style.
([
  (steps_pair
    value: (flow_sequence
      (flow_mapping
        (flow_pair
          key: (key) @_key
          value: (plain_scalar) @injection.content))))
  (step
    value: (flow_mapping
      (flow_pair
        key: (key) @_key
        value: (plain_scalar) @injection.content)))
]
  (#any-of? @_key
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "notify"
    "where" "set" "condition" "expression" "to")
  (#set! injection.language "specql_step"))

; --- expressions ---

; What fields are set to, what they are compared with, what parameters get.
((_
  key: (key) @_assigned
  value: [
    (block_mapping
      (pair
        value: [
          (plain_scalar) @injection.content
          (block_scalar (block_content) @injection.content)
        ]))
    (flow_mapping
      (flow_pair value: (plain_scalar) @injection.content))
    (flow_sequence (plain_scalar) @injection.content)
  ])
  (#any-of? @_assigned "set" "where" "args" "arguments")
  (#set! injection.language "specql_step")
  (#set! injection.include-children))

; `fields` and `values` mean something else outside of steps.
((step_mapping
  (pair
    key: (key) @_assigned
    value: [
      (block_mapping
        (pair value: (plain_scalar) @injection.content))
      (flow_mapping
        (flow_pair value: (plain_scalar) @injection.content))
    ]))
  (#any-of? @_assigned "fields" "values")
  (#set! injection.language "specql_step"))

((effect_mapping
  (pair
    key: (key) @_key
    value: [
      (plain_scalar) @injection.content
      (block_scalar (block_content) @injection.content)
    ]))
  (#eq? @_key "condition")
  (#set! injection.language "specql_step")
  (#set! injection.include-children))

((action_mapping
  (pair
    key: (key) @_key
    value: (plain_scalar) @injection.content))
  (#eq? @_key "requires")
  (#set! injection.language "specql_step"))

; --- the same in quotes ---

([
  (step_mapping
    (pair
      key: (key) @_key
      value: [(double_quoted) (single_quoted)] @injection.content))
  (steps_pair
    value: (flow_sequence
      (flow_mapping
        (flow_pair
          key: (key) @_key
          value: [(double_quoted) (single_quoted)] @injection.content))))
  (step
    value: (flow_mapping
      (flow_pair
        key: (key) @_key
        value: [(double_quoted) (single_quoted)] @injection.content)))
  (effect_mapping
    (pair
      key: (key) @_key
      value: [(double_quoted) (single_quoted)] @injection.content))
  (item
    value: (block_mapping
      (pair
        key: (key) @_key
        value: [(double_quoted) (single_quoted)] @injection.content)))
]
  (#any-of? @_key
    "validate" "insert" "update" "delete" "upsert" "find" "if" "foreach" "switch" "call" "notify"
    "where" "set" "condition" "expression" "to" "when")
  (#not-vim-match? @injection.content "\\v\\C\\\\|''")
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.language "specql_step"))

((_
  key: (key) @_assigned
  value: [
    (block_mapping
      (pair value: [(double_quoted) (single_quoted)] @injection.content))
    (flow_mapping
      (flow_pair value: [(double_quoted) (single_quoted)] @injection.content))
    (flow_sequence [(double_quoted) (single_quoted)] @injection.content)
  ])
  (#any-of? @_assigned "set" "where" "args" "arguments")
  (#not-vim-match? @injection.content "\\v\\C\\\\|''")
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.language "specql_step"))

; --- SQL ---

((step_mapping
  (pair
    key: (key) @_key
    value: [
      (plain_scalar) @injection.content
      (block_scalar (block_content) @injection.content)
    ]))
  (#eq? @_key "raw_sql")
  (#set! injection.language "sql")
  (#set! injection.include-children))

((step_mapping
  (pair
    key: (key) @_key
    value: [(double_quoted) (single_quoted)] @injection.content))
  (#eq? @_key "raw_sql")
  (#not-vim-match? @injection.content "\\v\\C\\\\|''")
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.language "sql"))
