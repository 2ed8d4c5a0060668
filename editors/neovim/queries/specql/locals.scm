; Generated from grammar/specql/queries/locals.scm by `cargo xtask generate`; edits get lost.

; What a file names, and where it says the name again. Parameters are known in their action alone,
; results of steps in their list. The fields of side effects are those of other files.

[
  (action)
  (steps_pair)
] @local.scope

; --- definitions ---

(root_mapping
  (entity_pair value: (plain_scalar) @local.definition.type))

(field_definition key: (key) @local.definition.field)

(action_mapping
  (name_pair value: (plain_scalar) @local.definition.function))

(action_mapping
  (pair
    key: (key) @_params
    value: (block_mapping
      (pair key: (key) @local.definition.parameter)))
  (#any-of? @_params "params" "parameters" "inputs"))

; The row that a step found or wrote, and the variable of a loop.
(step_mapping
  (pair
    key: (key) @_result
    value: (plain_scalar) @local.definition.var)
  (#any-of? @_result "as" "store" "result"))

; --- references ---

(effect_mapping
  (entity_pair value: (plain_scalar) @local.reference))
(primary_pair
  value: (effect_mapping
    (fields_pair
      value: [
        (plain_scalar) @local.reference
        (flow_sequence (plain_scalar) @local.reference)
        (block_sequence
          (item value: (plain_scalar) @local.reference))
      ])))
(pair
  key: (key) @_names
  value: [
    (plain_scalar) @local.reference
    (flow_sequence (plain_scalar) @local.reference)
    (block_sequence
      (item value: (plain_scalar) @local.reference))
  ]
  (#any-of? @_names
    "fields" "include_relations" "relationships" "exclude_fields" "include_fields" "payload"
    "partition_key" "conflict_target" "on_conflict" "include_entities" "exclude_entities"))
; A field that a step sets or compares.
(pair
  key: (key) @_assigned
  value: [
    (block_mapping
      (pair key: (key) @local.reference))
    (flow_mapping
      (flow_pair key: (key) @local.reference))
  ]
  (#any-of? @_assigned "set" "values" "where" "filter"))
