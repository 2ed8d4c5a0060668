" Without the tree-sitter parser a file has the colours of YAML, and those of the server above them.
if exists('b:current_syntax')
  finish
endif
runtime! syntax/yaml.vim
let b:current_syntax = 'specql'
