; The entities that a type refers to.

(ref_type
  (entity name: (identifier) @name) @reference.class)
