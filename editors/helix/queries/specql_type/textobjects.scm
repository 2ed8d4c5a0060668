; Generated from grammar/specql_type/queries/textobjects.scm by `cargo xtask generate`; edits get lost.

; What a motion or an operator can take whole in a type.

(parameters
  [(value) (string)] @parameter.inside)
(enum_type
  [(value) (string)] @parameter.inside)
(ref_type (entity) @parameter.inside)
