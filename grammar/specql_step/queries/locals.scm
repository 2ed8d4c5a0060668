; The variable of a loop, `item in input.items WHERE …`, and every name that may be it.

(step) @local.scope

(step
  target: (in_expression
    operand: (path . (identifier) @local.definition.var .)
    collection: [(path) (call)]))

(path . (identifier) @local.reference)
