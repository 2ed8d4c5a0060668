" Levels of indentation are those of YAML, but for texts over several lines and lines below a comment.
if exists('b:did_indent')
  finish
endif
runtime! indent/yaml.vim
setlocal indentexpr=specql#level(v:lnum) indentkeys=o,O,!^F
let b:undo_indent = get(b:, 'undo_indent', '') . '| setlocal indentexpr< indentkeys<'
