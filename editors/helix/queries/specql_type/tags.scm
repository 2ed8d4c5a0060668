; Generated from grammar/specql_type/queries/tags.scm by `cargo xtask generate`; edits get lost.

; The entities that a type refers to.

(ref_type
  (entity name: (identifier) @name) @reference.class)
