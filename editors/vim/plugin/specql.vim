" The server, in vim-lsp. ALE finds its linter in ale_linters/ by itself.
if exists('g:loaded_specql')
  finish
endif
let g:loaded_specql = 1

augroup specql_lsp
  autocmd!
  autocmd User lsp_setup call lsp#register_server({
        \ 'name': 'specql-lsp',
        \ 'cmd': {server_info -> ['specql-lsp', 'serve', '--stdio']},
        \ 'root_uri': {server_info -> lsp#utils#path_to_uri(specql#root(bufnr('%')))},
        \ 'allowlist': ['specql'],
        \ })
augroup END
