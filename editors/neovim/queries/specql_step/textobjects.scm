; Generated from grammar/specql_step/queries/textobjects.scm by `cargo xtask generate`; edits get lost.

; What a motion or an operator can take whole in a step.

(step) @statement.outer

(call) @call.outer
(call argument: (_) @parameter.inner)
(list (_) @parameter.inner)
(row (_) @parameter.inner)
(array (_) @parameter.inner)

(case_expression) @conditional.outer
(case_arm) @conditional.inner

(assignment
  field: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer
