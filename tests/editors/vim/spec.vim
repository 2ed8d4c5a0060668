" What a user of Vim does with a broken file, with the client $SPECQL_CLIENT: `ale` or `vim-lsp`. The first
" thing that fails ends the run with its reason in $SPECQL_REPORT. Started by run.sh.
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
  for _ in range(300)
    if a:Condition()
      return
    endif
    sleep 100m
  endfor
  call s:Fail('waited in vain for ' . a:what)
endfunction

" What the client has found in a buffer, as texts.
function! s:Findings(buffer) abort
  if $SPECQL_CLIENT ==# 'ale'
    return map(copy(ale#engine#GetLoclist(a:buffer)), 'v:val.text')
  endif
  let texts = []
  for [_, said] in items(lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri(lsp#utils#get_buffer_uri(a:buffer)))
    let texts += map(copy(said.params.diagnostics), 'v:val.message')
  endfor
  return texts
endfunction

" What vim-lsp proposes for a new key of the action at the cursor.
function! s:Proposals() abort
  let found = []
  call lsp#send_request('specql-lsp', {
        \ 'method': 'textDocument/completion',
        \ 'params': {'textDocument': lsp#get_text_document_identifier(), 'position': lsp#get_position()},
        \ 'on_notification': {it -> add(found, json_encode(it.response))},
        \ })
  for _ in range(50)
    if !empty(found)
      return found[0]
    endif
    sleep 100m
  endfor
  return ''
endfunction

" What vim-lsp shows over the word at the cursor.
function! s:Hover() abort
  let window = lsp#internal#document_hover#under_cursor#getpreviewwinid()
  if empty(window)
    LspHover
    sleep 500m
    let window = lsp#internal#document_hover#under_cursor#getpreviewwinid()
  endif
  return empty(window) ? '' : join(getbufline(winbufnr(window), 1, '$'), "\n")
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
  call s:Eventually('the finding', {-> join(s:Findings(buffer)) =~# 'post_cuont'})
  call s:Say('✓ ' . $SPECQL_CLIENT . ' shows the finding')

  if $SPECQL_CLIENT ==# 'vim-lsp'
    call search('post_cuont')
    call search('name: create_post')
    call search('create_post')
    call s:Eventually('the hover', {-> s:Hover() =~# 'INSERT INTO'})
    call search('strategy: \zs')
    let said = s:Proposals()
    if said !~# 'INVALIDATE'
      call s:Fail('the proposals are ' . said)
    endif
    call s:Say('✓ vim-lsp shows a hover and has proposals')
  endif

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
  %delete _
  call setline(1, 'steps:')
  execute "normal! o- insert:\<CR>entity: Post\<Esc>"
  if getline(3) !=# '      entity: Post'
    call s:Fail('below a key behind a dash stands ' . string(getline(3)))
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
