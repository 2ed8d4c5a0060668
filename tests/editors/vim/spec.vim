" What a user of Vim with ALE does with a broken file. The first thing that fails ends the run with its
" reason in $SPECQL_REPORT. Started by run.sh.
set nocompatible nomore
filetype plugin indent on
syntax on

let s:report = []
function! s:Say(text) abort
  call add(s:report, a:text)
  call writefile(s:report, $SPECQL_REPORT)
endfunction
function! s:Fail(text) abort
  call s:Say('✗ ' . a:text)
  cquit!
endfunction
function! s:Eventually(what, Condition) abort
  for _ in range(600)
    if a:Condition()
      return
    endif
    sleep 100m
  endfor
  call s:Fail('waited in vain for ' . a:what)
endfunction

function! s:Run() abort
  let file = $SPECQL_WORKSPACE . '/entities/post.yaml'
  let text = join(readfile(file), "\n")
  call writefile(split(substitute(text, 'fields: \[post_count\]', 'fields: [post_cuont]', ''), "\n"), file)
  execute 'edit' file
  if &filetype !=# 'specql'
    call s:Fail('the filetype is ' . &filetype)
  endif
  call s:Say('✓ an entity file has the filetype')

  let buffer = bufnr('%')
  call s:Eventually('the finding', {-> !empty(filter(copy(ale#engine#GetLoclist(buffer)), 'v:val.text =~# "post_cuont"'))})
  call s:Say('✓ ALE shows the finding')

  call search('name: create_post')
  SpecqlPreview
  if bufwinid('specql-preview') < 0 || join(getbufline('specql-preview', 1, '$')) !~# 'CREATE OR REPLACE FUNCTION'
    call s:Fail('no SQL of the action: ' . execute('messages'))
  endif
  let windows = winnr('$')
  SpecqlPreview cascade-sample
  if winnr('$') != windows || join(getbufline('specql-preview', 1, '$')) !~# '"__typename": "Post"'
    call s:Fail('no sample of the cascade')
  endif
  if index(specql#artifacts('event'), 'event-schema') < 0
    call s:Fail('the artifacts are ' . string(specql#artifacts('')))
  endif
  call s:Say('✓ every artifact is shown in one window')

  if synIDattr(synID(search('^entity: Post'), 9, 1), 'name') !=# 'specqlEntity'
    call s:Fail('no colour for an entity: ' . synIDattr(synID(search('^entity: Post'), 9, 1), 'name'))
  endif
  enew!
  set filetype=specql
  call setline(1, 'steps:')
  execute "normal! o  - validate: |\<CR>title IS NOT NULL AND\<CR>a: b\<Esc>"
  if indent(3) <= indent(2) || indent(4) != indent(3)
    call s:Fail('a text over several lines became ' . string(getline(1, '$')))
  endif
  call s:Say('✓ colours and levels are those of SpecQL')

  call writefile(['services:', '  entity: Post'], $SPECQL_WORKSPACE . '/compose.yaml')
  execute 'edit!' $SPECQL_WORKSPACE . '/compose.yaml'
  if &filetype !=# 'yaml'
    call s:Fail('other YAML became ' . &filetype)
  endif
  call s:Say('✓ other YAML is left alone')
  qall!
endfunction

function! s:Start(...) abort
  try
    call s:Run()
  catch
    call s:Fail(v:exception . ' at ' . v:throwpoint)
  endtry
endfunction
autocmd VimEnter * call timer_start(50, function('s:Start'))
