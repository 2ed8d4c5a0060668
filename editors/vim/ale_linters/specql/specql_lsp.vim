" The language server, for ALE.
call ale#Set('specql_lsp_executable', 'specql-lsp')

call ale#linter#Define('specql', {
      \ 'name': 'specql_lsp',
      \ 'lsp': 'stdio',
      \ 'executable': {buffer -> ale#Var(buffer, 'specql_lsp_executable')},
      \ 'command': '%e serve --stdio',
      \ 'language': 'specql',
      \ 'project_root': function('specql#root'),
      \ })
