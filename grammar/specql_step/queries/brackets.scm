; Pairs of brackets.

(_ "(" @open ")" @close) @scope
