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
  ]) @indent.begin

; Some editors count one level for each line on which such nodes start: to them a key behind a dash and
; its item are one, so the mapping below that key is marked for them as well.
([
  (action value: (action_mapping . (_ key: (_) value: (impact_mapping) @indent.begin.below)))
  (step value: (step_mapping . (_ key: (_) value: (block_mapping) @indent.begin.below)))
  (item value: (block_mapping . (_ key: (_) value: (block_mapping) @indent.begin.below)))
]
  (#set! indent.immediate 1)
  (#set! indent.start_at_same_line 1))
([
  (step value: (step_mapping . (_ value: (block_mapping . (_ value: (block_mapping) @indent.begin.below)))))
  (item value: (block_mapping . (_ value: (block_mapping . (_ value: (block_mapping) @indent.begin.below)))))
]
  (#set! indent.immediate 1)
  (#set! indent.start_at_same_line 1))

; The keys of an item stand below its first key, not below its dash.
([
  (action value: (action_mapping))
  (step value: (step_mapping))
  (effect value: (effect_mapping))
  (item value: (block_mapping))
] @indent.begin
  (#set! indent.immediate 1))

; Nothing below the key or behind the dash yet.
((_ key: (_) !value) @indent.begin
  (#set! indent.immediate 1))
([
  (action !value)
  (step !value)
  (effect !value)
  (item !value)
] @indent.begin
  (#set! indent.immediate 1))

; Text behind `|` or `>`: as deep as its author puts it.
((block_scalar) @indent.begin
  (#set! indent.immediate 1))
(block_content) @indent.auto

; Brackets; `unclosed` is the mark of one that is still to come.
(flow_sequence "]" @indent.branch) @indent.bracket
(flow_mapping "}" @indent.branch) @indent.bracket
([
  (flow_sequence (unclosed))
  (flow_mapping (unclosed))
] @indent.bracket
  (#set! indent.immediate 1))
; Below a closing bracket that stands on a line of its own its level is over.
((flow_sequence "]" @indent.dedent) @_brackets
  (#match? @_brackets "\\n"))
((flow_mapping "}" @indent.dedent) @_brackets
  (#match? @_brackets "\\n"))
