-- A user without a C compiler: no parser of ours is there. Names have the colours of the server, the rest
-- those of YAML. Started by run.sh.

local function eventually(what, condition)
  assert(vim.wait(20000, condition, 20), 'waited in vain for ' .. what)
end

local function run()
  vim.cmd.edit(vim.fs.joinpath(assert(os.getenv('SPECQL_WORKSPACE')), 'entities/post.yaml'))
  assert(not pcall(vim.treesitter.start, 0, 'specql'), 'a parser is there')
  local below = vim.fn.synIDattr(vim.fn.synID(vim.fn.search('^entity:'), 1, 1), 'name')
  assert(below:find('^yaml'), 'the colour below is ' .. below)

  --- The kinds of the server's tokens at a word.
  local function tokens(word, offset)
    vim.fn.cursor(1, 1)
    assert(vim.fn.search('\\V' .. word, 'cW') > 0, word)
    local row, column = unpack(vim.api.nvim_win_get_cursor(0))
    return vim.tbl_map(function(token)
      return token.type
    end, vim.lsp.semantic_tokens.get_at_pos(0, row - 1, column + offset) or {})
  end

  for word, expected in pairs({
    ['entity: Post'] = { #'entity: ', 'class' },
    ['title: text!'] = { 0, 'property' },
    ['ref(User)'] = { #'ref(', 'class' },
    ['name: create_post'] = { #'name: ', 'function' },
    ['SET post_count'] = { #'SET ', 'property' },
  }) do
    eventually(word .. ' as ' .. expected[2], function()
      return vim.list_contains(tokens(word, expected[1]), expected[2])
    end)
  end
  assert(vim.fn.hlexists('@lsp.type.class') == 1)
end

local done, problem = xpcall(run, debug.traceback)
if not done then
  io.stdout:write('✗ colours without parsers\n' .. problem .. '\n')
  vim.cmd.cquit({ count = 1 })
end
io.stdout:write('✓ without parsers names have the colours of the server\n')
vim.cmd.quitall({ bang = true })
