-- What a user of Neovim does with a broken file, step by step. The first step that fails ends the
-- run with exit code 1 and says what was seen instead. Started by run.sh.

local WORKSPACE = vim.uv.fs_realpath(assert(os.getenv('SPECQL_WORKSPACE')))
local PATIENCE = 20000 -- milliseconds; the machine of a CI job may be slow

local function say(...)
  io.stdout:write(string.format(...) .. '\n')
end

--- Waits until `condition` returns something true, and returns that.
local function eventually(what, condition, seen)
  local result
  vim.wait(PATIENCE, function()
    result = condition()
    return result
  end, 20)
  if not result then
    error(('waited in vain for %s; seen: %s'):format(what, vim.inspect(seen and seen() or nil)), 2)
  end
  return result
end

local function equal(actual, expected)
  if not vim.deep_equal(actual, expected) then
    error(('expected %s, got %s'):format(vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

local function text(bufnr)
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n')
end

local function diagnostics()
  return vim.diagnostic.get(0)
end

--- Puts the cursor on the first place where `word` stands, `offset` bytes into it.
local function cursor_on(word, offset)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.fn.search('\\V' .. word, 'cW') > 0, 'no ' .. word .. ' in the buffer')
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_win_set_cursor(0, { row, column + (offset or 0) })
end

local function preview_buffer()
  return vim.iter(vim.api.nvim_list_bufs()):find(function(bufnr)
    return vim.api.nvim_buf_get_name(bufnr):find('^specql%-preview://') ~= nil
  end)
end

local function preview_window()
  return vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.api.nvim_win_get_buf(window) == preview_buffer()
  end)
end

--- Waits for the preview with the SQL of an action, and returns its buffer.
local function generated_sql()
  eventually('the SQL', function()
    local bufnr = preview_buffer()
    return bufnr and text(bufnr):find('CREATE OR REPLACE FUNCTION', 1, true)
  end, function()
    return preview_buffer() and text(preview_buffer())
  end)
  return preview_buffer()
end

local function floating_window()
  return vim.iter(vim.api.nvim_list_wins()):find(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ''
  end)
end

--- The file of the entity Post, with a side effect whose field is misspelt.
local function break_post()
  for name in vim.fs.dir(WORKSPACE, { depth = 3 }) do
    local path = vim.fs.joinpath(WORKSPACE, name)
    local content = name:find('%.ya?ml$') and table.concat(vim.fn.readfile(path), '\n') or ''
    if content:find('^entity: Post\n') or content:find('\nentity: Post\n') then
      local broken, count = content:gsub('fields: %[post_count%]', 'fields: [post_cuont]', 1)
      equal(count, 1)
      vim.fn.writefile(vim.split(broken, '\n'), path)
      return path
    end
  end
  error('no entity Post in ' .. WORKSPACE)
end

local steps = {}
local function step(name, run)
  table.insert(steps, { name = name, run = run })
end

step('opening a broken file shows the finding', function()
  vim.cmd.edit(break_post())
  equal(vim.bo.filetype, 'specql')
  local finding = eventually('a finding', function()
    return vim.iter(diagnostics()):find(function(diagnostic)
      return diagnostic.message:find('post_cuont', 1, true) ~= nil
    end)
  end, diagnostics)
  equal(finding.code, 'unknown-impact-field')
  local line = vim.api.nvim_buf_get_lines(0, finding.lnum, finding.lnum + 1, false)[1]
  equal(line:sub(finding.col + 1, finding.end_col), 'post_cuont')
  equal(vim.lsp.get_clients({ bufnr = 0 })[1].root_dir, WORKSPACE)
end)

step('a code action mends it', function()
  cursor_on('post_cuont')
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.kind == 'quickfix' and action.title:find('post_count', 1, true) ~= nil
    end,
  })
  eventually('the mended text', function()
    return text(0):find('fields: [post_count]', 1, true) and not text(0):find('post_cuont', 1, true)
  end, function()
    return text(0)
  end)
  eventually('no finding on the mended line', function()
    return #vim.tbl_filter(function(diagnostic)
      return diagnostic.code == 'unknown-impact-field'
    end, diagnostics()) == 0
  end, diagnostics)
end)

step('a hover shows what an action writes, and its SQL', function()
  cursor_on('name: create_post', #'name: ')
  vim.lsp.buf.hover()
  local window = eventually('a hover', floating_window)
  local shown = text(vim.api.nvim_win_get_buf(window))
  assert(shown:find('User', 1, true), shown)
  assert(shown:find('CREATE OR REPLACE FUNCTION', 1, true), shown)
  vim.api.nvim_win_close(window, true)
end)

step(':SpecqlPreview opens the SQL beside the file', function()
  local source = vim.api.nvim_get_current_buf()
  vim.cmd.SpecqlPreview()
  local bufnr = generated_sql()
  equal(vim.bo[bufnr].filetype, 'sql')
  equal(vim.bo[bufnr].modifiable, false)
  equal(vim.api.nvim_get_current_buf(), source)
  eventually('a window', preview_window)
end)

step('the preview follows the edits', function()
  local bufnr = preview_buffer()
  local before = text(bufnr)
  cursor_on('post_count + 1', #'post_count + ')
  vim.cmd.normal({ 'r2', bang = true })
  eventually('another text', function()
    return text(bufnr) ~= before
  end)
  vim.cmd('silent undo')
  eventually('the first text again', function()
    return text(bufnr) == before
  end)
end)

step('a code lens opens it as well', function()
  vim.api.nvim_win_close(preview_window(), true)
  eventually('a closed preview', function()
    return not preview_buffer()
  end)
  vim.lsp.codelens.refresh({ bufnr = 0 })
  local lens = eventually('a code lens', function()
    return vim.iter(vim.lsp.codelens.get(0)):find(function(lens)
      return lens.command and lens.command.command == 'specql.preview' and lens.command.title:find('^SQL')
    end)
  end)
  vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, 0 })
  -- Where several lenses share a line, Neovim asks which.
  vim.ui.select = function(choices, _, choose)
    choose(choices[1], 1)
  end
  vim.lsp.codelens.run()
  generated_sql()
end)

step('the tree-sitter grammars colour it, the one-line languages included', function()
  local bufnr = vim.api.nvim_get_current_buf()
  assert(vim.treesitter.highlighter.active[bufnr], 'no highlighter')
  vim.treesitter.get_parser(bufnr):parse(true)
  local function captures(word, offset)
    cursor_on(word, offset)
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    return vim.tbl_map(function(capture)
      return capture.lang .. ' ' .. capture.capture
    end, vim.treesitter.get_captures_at_pos(bufnr, row - 1, column))
  end
  local function has(list, expected)
    assert(vim.list_contains(list, expected), vim.inspect(list))
  end
  has(captures('name: create_post', #'name: '), 'specql function')
  has(captures('impact:'), 'specql keyword')
  has(captures('ref(User)'), 'specql_type keyword')
  has(captures('SET post_count'), 'specql_step keyword')
end)

step('other YAML is left alone', function()
  local path = vim.fs.joinpath(WORKSPACE, 'compose.yaml')
  vim.fn.writefile({ 'services:', '  entity: Post' }, path)
  vim.cmd.edit({ path, bang = true })
  equal(vim.bo.filetype, 'yaml')
  equal(vim.lsp.get_clients({ bufnr = 0 }), {})
end)

step('the server ends with the editor', function()
  local client = assert(vim.lsp.get_clients({ name = 'specql_lsp' })[1])
  client:stop()
  eventually('its end', function()
    return client:is_stopped() and #vim.lsp.get_clients({ name = 'specql_lsp' }) == 0
  end)
end)

for _, current in ipairs(steps) do
  local done, problem = xpcall(current.run, debug.traceback)
  say('%s %s', done and '✓' or '✗', current.name)
  if not done then
    say('%s', problem)
    vim.cmd.cquit({ count = 1 })
  end
end
say('%d steps passed', #steps)
vim.cmd.quitall({ bang = true })
