; Generated from grammar/specql_step/queries/locals.scm by `cargo xtask generate`; edits get lost.

; The variable of a loop, `item in input.items WHERE …`, and every name that may be it.

(step) @local.scope

(step
  target: (in_expression
    operand: (path . (identifier) @local.definition.variable .)
    collection: [(path) (call)]))

(path . (identifier) @local.reference)
