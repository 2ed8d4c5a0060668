local option = vim.bo
option.commentstring = '# %s'
option.comments = ':#'
option.expandtab = true
option.shiftwidth = 2
option.softtabstop = 2
option.tabstop = 2
vim.opt_local.iskeyword:append('_')

-- With the tree-sitter parser everything has its colour; without it syntax/specql.vim is used.
pcall(vim.treesitter.start, 0, 'specql')

vim.b.undo_ftplugin = (vim.b.undo_ftplugin and vim.b.undo_ftplugin .. ' | ' or '')
  .. 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< tabstop< iskeyword<'
