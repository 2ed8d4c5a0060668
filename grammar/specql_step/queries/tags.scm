; What a step refers to: entities that it writes or reads, and functions that it calls.

(step
  target: (path (identifier) @name .)
  [(set_clause) (values_clause) (from_clause) (where_clause)]) @reference.class
((step . target: (path (identifier) @name .) .) @reference.class
  (#match? @name "^[A-Z]"))
((step target: (call function: (path (identifier) @name .)) @reference.class)
  (#match? @name "^[A-Z]"))
((step target: (in_expression collection: (path (identifier) @name .) @reference.class))
  (#match? @name "^[A-Z]"))
(exists_expression entity: (path (identifier) @name .) @reference.class)

((call function: (path (identifier) @name .)) @reference.call
  (#not-match? @name "^[A-Z]"))
