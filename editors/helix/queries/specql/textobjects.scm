; Generated from grammar/specql/queries/textobjects.scm by `cargo xtask generate`; edits get lost.

; What a motion or an operator can take whole. The entity is the class of a file, an action its method,
; a field or an item of a list a parameter.

(document root: (_) @class.inside) @class.around

(action) @function.around
(action value: (action_mapping) @function.inside)

(comment) @comment.inside
(comment)+ @comment.around

; --- steps ---

; Left out: there is no such text object.

; Left out: there is no such text object.

; Left out: there is no such text object.

; --- entries ---

(field_definition) @parameter.around
(field_definition value: (_) @parameter.inside)

(item) @parameter.around
(item value: (_) @parameter.inside)
(effect) @parameter.around
(effect value: (_) @parameter.inside)

; The comma goes with the item: the one behind the first, the one before any other.
(flow_sequence
  "["
  .
  (_) @parameter.inside @parameter.around
  .
  ","? @parameter.around)
(flow_sequence
  "," @parameter.around
  .
  (_) @parameter.inside @parameter.around)
(flow_mapping
  "{"
  .
  (flow_pair) @parameter.inside @parameter.around
  .
  ","? @parameter.around)
(flow_mapping
  "," @parameter.around
  .
  (flow_pair) @parameter.inside @parameter.around)

(_
  key: (_)
  value: (_) @entry.inside) @entry.around
