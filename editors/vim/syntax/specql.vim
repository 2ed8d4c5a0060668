" YAML, and above it the words of SpecQL.
if exists('b:current_syntax')
  finish
endif
runtime! syntax/yaml.vim
unlet! b:current_syntax

syntax keyword specqlBlock entity schema fields actions steps impact primary side_effects cache_invalidations cdc cascade audit params contained
syntax keyword specqlStep validate insert update delete upsert find if then else foreach do switch when call notify reject return contained
syntax match specqlKey /^\s*\(- \+\)\?\zs\w\+\ze\s*:\(\s\|$\)/ contains=specqlBlock,specqlStep containedin=ALLBUT,yamlComment
syntax match specqlEntity /\(entity\s*:\s*\)\@<=[A-Za-z_.]\+/ containedin=yamlPlainScalar
syntax match specqlType /\<\(ref\|list\|enum\)\ze(/ containedin=yamlPlainScalar
syntax match specqlReference /\(\<ref(\)\@<=[A-Za-z_.|]\+/ containedin=yamlPlainScalar
syntax keyword specqlWord SET WHERE AND OR NOT IS IN NULL LIKE BETWEEN EXISTS containedin=yamlPlainScalar

highlight default link specqlBlock Keyword
highlight default link specqlStep Statement
highlight default link specqlKey Identifier
highlight default link specqlEntity Type
highlight default link specqlType Type
highlight default link specqlReference Type
highlight default link specqlWord Operator

let b:current_syntax = 'specql'
