; What an editor can fold: every pair or item that has a block, text and flow collections over several
; lines, and runs of comments.

[
  (entity_pair)
  (description_pair)
  (fields_pair)
  (actions_pair)
  (audit_pair)
  (action)
  (steps_pair)
  (step)
  (impact_pair)
  (primary_pair)
  (side_effects_pair)
  (cache_invalidations_pair)
  (effect)
  (cascade_pair)
  (cdc_pair)
  (field_definition)
  (pair)
  (explicit_pair)
  (item)
  (block_scalar)
  (flow_mapping)
  (flow_sequence)
] @fold

(comment)+ @fold
