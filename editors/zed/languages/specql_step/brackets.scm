; Generated from grammar/specql_step/queries/brackets.scm by `cargo xtask generate`; edits get lost.

; Pairs of brackets.

(_ "(" @open ")" @close)
(_ "[" @open "]" @close)
