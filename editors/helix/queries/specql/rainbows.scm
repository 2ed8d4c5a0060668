; Generated from grammar/specql/queries/brackets.scm by `cargo xtask generate`; edits get lost.

; Pairs of brackets.

(flow_sequence "[" @rainbow.bracket "]" @rainbow.bracket) @rainbow.scope
(flow_mapping "{" @rainbow.bracket "}" @rainbow.bracket) @rainbow.scope
