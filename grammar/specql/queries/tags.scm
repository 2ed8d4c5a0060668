; What a file defines and refers to, with the comment above it.

; --- definitions ---

((stream
  (comment)* @doc
  .
  (document
    root: (root_mapping
      (entity_pair value: (plain_scalar) @name))) @definition.class)
  (#strip! @doc "^#+ ?")
  (#select-adjacent! @doc @definition.class))

; The comment above the first entry of a block stands outside of the block.
((actions_pair
  (comment)+ @doc
  .
  value: (action_list
    .
    (action
      value: (action_mapping
        (name_pair value: (plain_scalar) @name))) @definition.method))
  (#set! tags.above-block)
  (#strip! @doc "^#+ ?")
  (#select-adjacent! @doc @definition.method))

((comment)* @doc
  .
  (action
    value: (action_mapping
      (name_pair value: (plain_scalar) @name))) @definition.method
  (#strip! @doc "^#+ ?")
  (#select-adjacent! @doc @definition.method))

((fields_pair
  (comment)+ @doc
  .
  value: (block_mapping
    .
    (field_definition key: (key) @name) @definition.field))
  (#set! tags.above-block)
  (#strip! @doc "^#+ ?")
  (#select-adjacent! @doc @definition.field))

((comment)* @doc
  .
  (field_definition key: (key) @name) @definition.field
  (#strip! @doc "^#+ ?")
  (#select-adjacent! @doc @definition.field))

; --- references ---

(effect_mapping
  (entity_pair value: (plain_scalar) @name @reference.class))

(effect_mapping
  (fields_pair
    value: [
      (flow_sequence (plain_scalar) @name @reference.field)
      (block_sequence
        (item value: (plain_scalar) @name @reference.field))
    ]))
