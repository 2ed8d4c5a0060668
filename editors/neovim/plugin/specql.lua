if vim.g.loaded_specql then
  return
end
vim.g.loaded_specql = true

vim.api.nvim_create_user_command('SpecqlPreview', function(command)
  require('specql').preview({ artifact = command.fargs[1] })
end, {
  nargs = '?',
  complete = function(lead)
    return require('specql').artifacts(lead)
  end,
  desc = 'Show the SQL (or another artifact) of the action at the cursor',
})

-- What the server's code lenses carry: `vim.lsp.codelens.run()` ends up here.
vim.lsp.commands['specql.preview'] = function(command, ctx)
  require('specql').preview(command.arguments[1], { client_id = ctx.client_id, bufnr = ctx.bufnr })
end

vim.lsp.commands['specql.showReferences'] = function(command, ctx)
  require('specql').show_uses(command.arguments[1], ctx)
end

-- What comes with the language: a definition on a type or a function leads there.
vim.api.nvim_create_autocmd('BufReadCmd', {
  pattern = 'specql-builtin://*',
  callback = function(event)
    require('specql').read_built_ins(event.buf, event.match)
  end,
})

-- Text that fits nothing; Neovim has no colour of its own for it.
for _, language in ipairs({ 'specql', 'specql_type', 'specql_step' }) do
  vim.api.nvim_set_hl(0, '@error.' .. language, { link = 'DiagnosticError', default = true })
end

-- What the line at the cursor became, in a preview.
vim.api.nvim_set_hl(0, 'SpecqlPreviewPlace', { link = 'CursorLine', default = true })
