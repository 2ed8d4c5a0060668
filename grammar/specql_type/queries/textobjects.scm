; What a motion or an operator can take whole in a type.

(parameters
  [(value) (string)] @parameter.inner)
(enum_type
  [(value) (string)] @parameter.inner)
(ref_type (entity) @parameter.inner)
