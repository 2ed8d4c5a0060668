-- Neovim reads this when `vim.lsp.enable('specql_lsp')` is called; change it with `vim.lsp.config`.

---@type vim.lsp.Config
return {
  cmd = { 'specql-lsp', 'serve', '--stdio' },
  filetypes = { 'specql' },
  -- The nearest folder with a config file, or the repository.
  root_markers = { 'specql.config.yaml', 'specql.config.yml', '.git' },
  -- Code lenses may carry our command, and previews can be refreshed (LSP 3.18).
  capabilities = {
    experimental = { commands = { commands = { 'specql.preview' } } },
    workspace = { textDocumentContent = { dynamicRegistration = false } },
  },
  handlers = {
    ['workspace/textDocumentContent/refresh'] = function(...)
      return require('specql').refresh(...)
    end,
  },
}
