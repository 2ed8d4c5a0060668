; Generated from grammar/specql_step/queries/textobjects.scm by `cargo xtask generate`; edits get lost.

; What a motion or an operator can take whole in a step.

; Left out: there is no such text object.

; Left out: there is no such text object.
(call argument: (_) @parameter.inside)
(list (_) @parameter.inside)
(row (_) @parameter.inside)
(array (_) @parameter.inside)

; Left out: there is no such text object.

(assignment
  field: (_)
  value: (_) @entry.inside) @entry.around
