; Generated from grammar/specql/queries/brackets.scm by `cargo xtask generate`; edits get lost.

; Pairs of brackets.

(flow_sequence "[" @open "]" @close)
(flow_mapping "{" @open "}" @close)
