; Pairs of brackets.

(flow_sequence "[" @open "]" @close) @scope
(flow_mapping "{" @open "}" @close) @scope
