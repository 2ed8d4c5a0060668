; What a motion or an operator can take whole. The entity is the class of a file, an action its method,
; a field or an item of a list a parameter.

(document root: (_) @class.inner) @class.outer

(action) @function.outer
(action value: (action_mapping) @function.inner)

(comment) @comment.inner
(comment)+ @comment.outer

; --- steps ---

(step) @statement.outer
(steps_pair) @block.outer
(steps_pair value: (step_list) @block.inner)

(step
  value: (step_mapping
    (pair key: (key) @_if))
  (#any-of? @_if "if" "switch")) @conditional.outer
(step
  value: (step_mapping
    (pair key: (key) @_if)
    (steps_pair value: (step_list) @conditional.inner))
  (#eq? @_if "if"))

(step
  value: (step_mapping
    (pair key: (key) @_foreach))
  (#eq? @_foreach "foreach")) @loop.outer
(step
  value: (step_mapping
    (pair key: (key) @_foreach)
    (steps_pair value: (step_list) @loop.inner))
  (#eq? @_foreach "foreach"))

; --- entries ---

(field_definition) @parameter.outer
(field_definition value: (_) @parameter.inner)

(item) @parameter.outer
(item value: (_) @parameter.inner)
(effect) @parameter.outer
(effect value: (_) @parameter.inner)

; The comma goes with the item: the one behind the first, the one before any other.
(flow_sequence
  "["
  .
  (_) @parameter.inner @parameter.outer
  .
  ","? @parameter.outer)
(flow_sequence
  "," @parameter.outer
  .
  (_) @parameter.inner @parameter.outer)
(flow_mapping
  "{"
  .
  (flow_pair) @parameter.inner @parameter.outer
  .
  ","? @parameter.outer)
(flow_mapping
  "," @parameter.outer
  .
  (flow_pair) @parameter.inner @parameter.outer)

(_
  key: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer
