; Generated from grammar/specql/queries/indents.scm by `cargo xtask generate`; edits get lost.

; Which nodes put the lines below their first line one level deeper.

; A list or a mapping below its key.
(_
  key: (_)
  value: [
    (action_list)
    (step_list)
    (effect_list)
    (block_sequence)
    (block_mapping)
    (impact_mapping)
    (effect_mapping)
  ]) @indent

; Some editors count one level for each line on which such nodes start: to them a key behind a dash and
; its item are one, so the mapping below that key is marked for them as well.
; Left out: the level of a node begins below its first line.

; The keys of an item stand below its first key, not below its dash.
([
  (action value: (action_mapping))
  (step value: (step_mapping))
  (effect value: (effect_mapping))
  (item value: (block_mapping))
] @indent)

; Nothing below the key or behind the dash yet.
((_ key: (_) !value) @indent)
([
  (action !value)
  (step !value)
  (effect !value)
  (item !value)
] @indent)

; Text behind `|` or `>`: as deep as its author puts it.
((block_scalar) @indent)
; Left out: the line above decides where no node begins.

; Brackets; `unclosed` is the mark of one that is still to come.
(flow_sequence "]" @end) @indent
(flow_mapping "}" @end) @indent
([
  (flow_sequence (unclosed))
  (flow_mapping (unclosed))
] @indent)
; Below a closing bracket that stands on a line of its own its level is over.
; Left out: the level of a bracket ends with it.
