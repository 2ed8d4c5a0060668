--- `:checkhealth specql`: whether the server can be started, which one it is, and what the colours are.
local M = {}

local health = vim.health

local function version(command)
  local done, process = pcall(vim.system, { command, '--version' }, { timeout = 5000, text = true })
  if not done then
    return nil, process
  end
  local result = process:wait()
  local found = result.code == 0 and result.stdout:match('^specql%-lsp (%S+)')
  return found, vim.trim(result.stderr ~= '' and result.stderr or result.stdout)
end

local function check_server()
  health.start('specql: server')
  local config = vim.lsp.config['specql_lsp']
  if not config then
    health.error('`specql_lsp` is not configured', 'Put the folder of this plugin on `runtimepath`')
    return
  end
  local command = type(config.cmd) == 'table' and config.cmd[1] or 'specql-lsp'
  if vim.fn.executable(command) == 0 then
    health.error(('`%s` cannot be executed'):format(command), {
      'Put `specql-lsp` on $PATH',
      "Or name it: vim.lsp.config('specql_lsp', { cmd = { '/path/of/specql-lsp', 'serve', '--stdio' } })",
    })
    return
  end
  local found, said = version(command)
  if found then
    health.ok(('`%s` is specql-lsp %s'):format(vim.fn.exepath(command), found))
  else
    health.error(('`%s` does not say its version: %s'):format(command, said))
  end
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('specql_lsp') then
    health.warn('the server is not enabled', "vim.lsp.enable('specql_lsp')")
  end
  local clients = vim.lsp.get_clients({ name = 'specql_lsp' })
  if #clients == 0 then
    health.info('no server runs: it starts with the first SpecQL file')
  end
  for _, client in ipairs(clients) do
    health.ok(('a server runs for `%s`'):format(client.root_dir or 'single files'))
  end
end

local function check_colours()
  health.start('specql: colours')
  local missing = vim.tbl_filter(function(language)
    return not pcall(vim.treesitter.language.add, language) or not vim.treesitter.language.add(language)
  end, { 'specql', 'specql_type', 'specql_step' })
  if #missing == 0 then
    health.ok('the tree-sitter parsers are there')
  else
    health.info(
      ('without the parsers %s: colours are those of YAML and of the server; `build.sh` makes them'):format(
        table.concat(missing, ', ')
      )
    )
  end
end

function M.check()
  health.start('specql: Neovim')
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok(('Neovim %s'):format(tostring(vim.version())))
  else
    health.error('Neovim 0.11 or newer is needed')
    return
  end
  check_server()
  check_colours()
end

return M
