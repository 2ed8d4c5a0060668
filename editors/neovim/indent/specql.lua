-- Levels of indentation are those of YAML, which Neovim knows; nvim-treesitter's need a plugin.
vim.cmd.runtime('indent/yaml.vim')
vim.bo.indentexpr = "v:lua.require'specql.indent'.level(v:lnum)"
