; Generated from grammar/specql/queries/tags.scm by `cargo xtask generate`; edits get lost.

; What a file defines and refers to, with the comment above it.

; --- definitions ---

((stream
  (comment)* @annotation
  .
  (document
    root: (root_mapping
      (entity_pair value: (plain_scalar) @name))) @item))

; The comment above the first entry of a block stands outside of the block.
; Left out: Zed would list the entry twice, with its comment and without.

((comment)* @annotation
  .
  (action
    value: (action_mapping
      (name_pair value: (plain_scalar) @name))) @item)

; Left out: Zed would list the entry twice, with its comment and without.

((comment)* @annotation
  .
  (field_definition key: (key) @name) @item)

; --- references ---

; Left out: an outline lists definitions.

; Left out: an outline lists definitions.
