-- Levels of indentation are those of YAML, which Neovim knows; nvim-treesitter's need a plugin.
vim.cmd.runtime('indent/yaml.vim')
