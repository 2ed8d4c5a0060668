" What the other files of this plugin share.

let s:looked_at = 200

" Gives YAML with `entity` in its root the filetype.
function! specql#detect() abort
  for line in getline(1, s:looked_at)
    if line =~# '^entity\s*:\(\s\|$\)'
      set filetype=specql
      return
    endif
  endfor
endfunction

" The folder of the nearest configuration or repository, else that of the file.
function! specql#root(buffer) abort
  let folder = fnamemodify(bufname(a:buffer), ':p:h')
  for marker in ['specql.config.yaml', 'specql.config.yml']
    let found = findfile(marker, folder . ';')
    if !empty(found)
      return fnamemodify(found, ':p:h')
    endif
  endfor
  let git = finddir('.git', folder . ';')
  return empty(git) ? folder : fnamemodify(git, ':p:h:h')
endfunction

" Entity and action at the cursor: `Post.create_post`, or `Post`.
function! specql#subject() abort
  let entity = matchstr(getline(search('^entity\s*:', 'ncw')), '^entity\s*:\s*\zs\w\+')
  let action = ''
  let actions = search('^actions\s*:', 'bncW')
  if actions > 0
    let line = search('^ *- name:\s*\w', 'bncW', actions)
    let action = line > 0 ? matchstr(getline(line), 'name:\s*\zs\w\+') : ''
  endif
  return empty(action) ? entity : entity . '.' . action
endfunction

" Shows what is generated for the file as it is saved, in one window that is used again.
function! specql#preview(...) abort
  let subject = specql#subject()
  if empty(subject)
    echohl ErrorMsg | echo 'specql: this file declares no entity' | echohl None
    return
  endif
  let call = ['specql-lsp', 'preview', subject, '--path', expand('%:p')]
  if a:0 > 0 && !empty(a:1)
    let call += ['--artifact', a:1]
  endif
  let text = system(join(map(call, 'shellescape(v:val)')))
  if v:shell_error
    echohl ErrorMsg | echo 'specql: ' . trim(text) | echohl None
    return
  endif
  let name = 'specql-preview'
  let window = bufwinid(name)
  let source = win_getid()
  if window > 0
    call win_gotoid(window)
  else
    execute 'vertical rightbelow split' name
    setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted
  endif
  setlocal modifiable
  silent %delete _
  call setline(1, split(text, "\n", 1))
  let &l:filetype = text =~# '^\s*[{[]' ? 'json' : text =~# '\c\<create\>' ? 'sql' : ''
  setlocal nomodifiable
  call win_gotoid(source)
endfunction

" The names of the artifacts, as the program lists them.
function! specql#artifacts(lead, ...) abort
  let said = system('specql-lsp preview x --artifact x')
  return filter(split(matchstr(said, 'there are \zs.*'), '[`, \n]\+\(and \)\?'), 'stridx(v:val, a:lead) == 0')
endfunction

" What stands below such a key is deeper than the key, not than its dash.
let s:open_key_of_item = '^\s*-\s\+[[:alnum:]_.$"'']\+\s*:\s*\(#.*\)\?$'

" For 'indentexpr'; -1 leaves the line as it is.
function! specql#level(lnum) abort
  let line = getline(a:lnum)
  let above = prevnonblank(a:lnum - 1)
  let text = s:text_above(a:lnum)
  if text >= 0 && line !~# '\S'
    return text
  elseif text >= 0 && indent(a:lnum) >= text
    return -1
  elseif line !~# '\S' && getline(above) =~# '^\s*#'
    return indent(above)
  elseif line !~# '\S' && getline(above) =~# s:open_key_of_item
    return match(getline(above), '[^- ]') + shiftwidth()
  endif
  return GetYAMLIndent(a:lnum)
endfunction

" The indentation of the text over several lines that the lines above belong to; -1 if they do not.
function! s:text_above(lnum) abort
  let least = 1000
  for above in range(a:lnum - 1, 1, -1)
    let line = getline(above)
    if line =~# '\S' && indent(above) < least
      if line =~# '[:-]\s\+[|>][-+0-9]*\s*\(#.*\)\?$'
        return least < 1000 && least > match(line, '[^- ]') ? least : -1
      endif
      let least = indent(above)
    endif
    if least == 0
      return -1
    endif
  endfor
  return -1
endfunction
