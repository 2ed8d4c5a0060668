; Generated from grammar/specql/queries/highlights.scm by `cargo xtask generate`; edits get lost.

; Colours of a SpecQL file. Where several patterns capture a node, the last one counts: values come first,
; then keys, whose text many patterns for values look at.

(comment) @comment
; The comment that takes a finding back is read by the checker.
((comment) @preproc
  (#match? @preproc "^#+ *specql *: *allow"))

; --- values ---

[
  (plain_scalar)
  (double_quoted)
  (single_quoted)
  (unclosed_double_quoted)
  (unclosed_single_quoted)
  (block_scalar)
] @string

; What YAML 1.1 reads as something else than text.
((plain_scalar) @boolean
  (#any-of? @boolean
    "true" "True" "TRUE" "false" "False" "FALSE" "yes" "Yes" "YES" "no" "No" "NO" "on" "On" "ON"
    "off" "Off" "OFF"))
((plain_scalar) @constant
  (#any-of? @constant "~" "null" "Null" "NULL"))
((plain_scalar) @number
  (#match? @number
    "^([-+]?(0|[1-9][0-9_]*|0[0-7_]+|0b[01_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+))$"))
((plain_scalar) @number
  (#match? @number
    "^([-+]?([0-9][0-9_]*[.][0-9_]*|[.][0-9][0-9_]*)([eE][-+][0-9]+)?|[-+]?[.](inf|Inf|INF)|[.](nan|NaN|NAN))$"))

; --- the entity and its fields ---

(root_mapping
  (entity_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @type))
(root_mapping
  (entity_pair
    value: (block_mapping
      (pair
        key: (key) @_name
        value: (plain_scalar) @type)))
  (#eq? @_name "name"))
(schema_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @type)

; The grammar of types colours what is inside; these hold where it is not at hand.
(field_definition value: (plain_scalar) @type)
(field_definition
  value: (block_mapping
    (pair
      key: (key) @_type
      value: (plain_scalar) @type))
  (#any-of? @_type "type" "items" "of" "entity" "target"))
(field_definition
  value: (flow_mapping
    (flow_pair
      key: (key) @_type
      value: (plain_scalar) @type))
  (#any-of? @_type "type" "items" "of" "entity" "target"))
(field_definition
  value: (block_mapping
    (pair
      key: (key) @_schema
      value: (plain_scalar) @type))
  (#eq? @_schema "schema"))
(field_definition
  value: (block_mapping
    (pair
      key: (key) @_values
      value: [
        (flow_sequence (plain_scalar) @constant)
        (block_sequence
          (item value: (plain_scalar) @constant))
      ]))
  (#eq? @_values "values"))

; --- actions ---

(action_mapping
  (name_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @function))
; An action of which there is no more than a name.
(action value: (plain_scalar) @function)
(actions_pair value: (flow_sequence (plain_scalar) @function))
(action_mapping
  (pair
    key: (key) @_params
    value: (block_mapping
      (pair value: (plain_scalar) @type)))
  (#any-of? @_params "params" "parameters" "inputs"))

; --- values of steps ---

([
  (step_mapping
    (pair
      key: (key) @_code
      value: (plain_scalar) @string.special.symbol))
  (item
    value: (block_mapping
      (pair
        key: (key) @_code
        value: (plain_scalar) @string.special.symbol)))
  (step
    value: (flow_mapping
      (flow_pair
        key: (key) @_code
        value: (plain_scalar) @string.special.symbol)))
]
  (#any-of? @_code "error" "reject")
  (#match? @string.special.symbol "^[A-Za-z_][A-Za-z0-9_.]*$"))
(step_mapping
  (pair
    key: (key) @_result
    value: (plain_scalar) @variable)
  (#any-of? @_result "as" "store" "result"))
(step_mapping
  (pair
    key: (key) @_word
    value: (plain_scalar) @constant)
  (#any-of? @_word "conflict_action" "channel" "refresh_table_view"))
(step_mapping
  (pair
    value: (block_mapping
      (pair
        key: (key) @_entity
        value: (plain_scalar) @type)))
  (#eq? @_entity "entity"))

; --- impact, cascade, cdc, audit ---

(effect_mapping
  (entity_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @type))
(operation_pair value: [(plain_scalar) (double_quoted) (single_quoted)] @constant)
(impact_pair
  value: (flow_mapping
    (flow_pair
      value: (flow_mapping
        (flow_pair
          key: (key) @_entity
          value: (plain_scalar) @type))))
  (#eq? @_entity "entity"))
(impact_pair
  value: (flow_mapping
    (flow_pair
      value: (flow_mapping
        (flow_pair
          key: (key) @_operation
          value: (plain_scalar) @constant))))
  (#eq? @_operation "operation"))
(effect_mapping
  (fields_pair
    value: [
      (plain_scalar) @property
      (flow_sequence (plain_scalar) @property)
      (block_sequence
        (item value: (plain_scalar) @property))
    ]))
; Lists of fields, wherever they stand.
(pair
  key: (key) @_fields
  value: [
    (plain_scalar) @property
    (flow_sequence (plain_scalar) @property)
    (block_sequence
      (item value: (plain_scalar) @property))
  ]
  (#any-of? @_fields
    "fields" "include_relations" "relationships" "exclude_fields" "include_fields" "payload"
    "partition_key" "conflict_target" "on_conflict"))
(pair
  key: (key) @_entities
  value: [
    (plain_scalar) @type
    (flow_sequence (plain_scalar) @type)
    (block_sequence
      (item value: (plain_scalar) @type))
  ]
  (#any-of? @_entities "include_entities" "exclude_entities"))
(cache_invalidations_pair
  value: (block_sequence
    (item
      value: (block_mapping
        (pair
          key: (key) @_word
          value: (plain_scalar) @constant))))
  (#any-of? @_word "strategy" "scope"))
(cdc_pair
  value: (block_mapping
    (pair
      key: (key) @_event
      value: [(plain_scalar) (double_quoted) (single_quoted)] @type))
  (#eq? @_event "event_type"))
(cdc_pair
  value: (block_mapping
    (pair
      key: (key) @_events
      value: (block_mapping
        (pair value: (plain_scalar) @type))))
  (#eq? @_events "side_effect_events"))

; --- keys ---

(key) @property
(_ key: [(double_quoted) (single_quoted)] @property)
(field_definition key: (key) @property)

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

; --- keys that are names of the author's ---

(action_mapping
  (pair
    key: (key) @_params
    value: (block_mapping
      (pair key: (key) @variable)))
  (#any-of? @_params "params" "parameters" "inputs"))
([
  (_
    key: (key) @_assigned
    value: [
      (block_mapping
        (pair key: (key) @property))
      (flow_mapping
        (flow_pair key: (key) @property))
    ])
  (step_mapping
    (pair
      key: (key) @_assigned
      value: (block_mapping
        (pair key: (key) @property))))
]
  (#any-of? @_assigned "set" "values" "where" "filter"))
(_
  key: (key) @_args
  value: [
    (block_mapping
      (pair key: (key) @variable))
    (flow_mapping
      (flow_pair key: (key) @variable))
  ]
  (#any-of? @_args "args" "arguments"))
(cdc_pair
  value: (block_mapping
    (pair
      key: (key) @_events
      value: (block_mapping
        (pair key: (key) @type))))
  (#eq? @_events "side_effect_events"))
; The steps of a `switch` stand in blocks without names: there the key above the list decides.
(pair
  key: (key) @_block
  value: (block_sequence
    (item
      value: (block_mapping
        (pair key: (key) @keyword))))
  (#any-of? @_block "then" "else" "default" "do" "steps" "loop" "try" "catch" "finally")
  (#any-of? @keyword
    "validate" "insert" "update" "delete" "upsert" "find" "call" "notify" "refresh_table_view"))
; The keys above these names are plain again: to some editors a capture without a colour is one too.
((pair key: (key) @property)
  (#any-of? @property
    "params" "parameters" "inputs" "set" "values" "where" "filter" "args" "arguments"
    "side_effect_events" "steps" "loop" "try" "catch" "finally" "default"))

; --- keys of steps ---
(step_mapping
  (pair key: (key) @keyword)
  (#any-of? @keyword
    "validate" "insert" "update" "delete" "upsert" "find" "call" "notify" "refresh_table_view"
    "select" "raw_sql" "duplicate_check" "call_service" "declare" "cte" "aggregate" "subquery"
    "call_function" "json_build" "array_build" "batch_operation" "window_function" "cursor"
    "recursive_cte" "dynamic_sql" "transaction_control" "query"))
([
  (steps_pair
    value: (flow_sequence
      (flow_mapping
        (flow_pair key: (key) @keyword))))
  (step
    value: (flow_mapping
      (flow_pair key: (key) @keyword)))
]
  (#any-of? @keyword
    "validate" "insert" "update" "delete" "upsert" "find" "call" "notify" "refresh_table_view"))

([
  (steps_pair key: (key) @keyword)
  (step_mapping
    (pair key: (key) @keyword))
  (item
    value: (block_mapping
      (pair key: (key) @keyword)))
  (step
    value: (flow_mapping
      (flow_pair key: (key) @keyword)))
]
  (#any-of? @keyword "if" "then" "else" "switch" "cases" "when"))
(step_mapping
  (pair key: (key) @keyword)
  (#eq? @keyword "default"))

([
  (steps_pair key: (key) @keyword)
  (step_mapping
    (pair key: (key) @keyword))
  (item
    value: (block_mapping
      (pair key: (key) @keyword)))
  (step
    value: (flow_mapping
      (flow_pair key: (key) @keyword)))
]
  (#any-of? @keyword "foreach" "do" "while" "for_query" "loop"))

([
  (step_mapping
    (pair key: (key) @keyword))
  (item
    value: (block_mapping
      (pair key: (key) @keyword)))
  (step
    value: (flow_mapping
      (flow_pair key: (key) @keyword)))
]
  (#any-of? @keyword "return" "return_early" "return_table"))

([
  (step_mapping
    (pair key: (key) @keyword))
  (item
    value: (block_mapping
      (pair key: (key) @keyword)))
  (step
    value: (flow_mapping
      (flow_pair key: (key) @keyword)))
]
  (#any-of? @keyword "reject" "exception_handling"))

; --- the rest of YAML ---

(anchor) @label
(alias) @label
(tag) @attribute
(directive) @preproc
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

; --- what the author has to mend ---

; Left out: themes have no colour for it.
; The mark has no width: the key shows it.
; Left out: themes have no colour for it.
