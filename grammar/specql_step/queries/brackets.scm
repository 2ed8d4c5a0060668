; Pairs of brackets.

(_ "(" @open ")" @close) @scope
(_ "[" @open "]" @close) @scope
