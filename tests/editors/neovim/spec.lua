-- What a user of Neovim does with a broken file, step by step. The first step that fails ends the
-- run with exit code 1 and says what was seen instead. Started by run.sh.

local WORKSPACE = vim.uv.fs_realpath(assert(os.getenv('SPECQL_WORKSPACE')))
local PLUGIN = vim.uv.fs_realpath(assert(os.getenv('SPECQL_PLUGIN')))
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
  assert(shown:find('INSERT INTO blog.tb_post', 1, true), shown)
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

step('the preview follows the cursor in its one window, and leads back', function()
  local windows = #vim.api.nvim_list_wins()
  local source = vim.api.nvim_get_current_win()
  local namespace = vim.api.nvim_get_namespaces()['specql.preview']
  local function marked(wanted)
    return eventually('a mark on ' .. wanted, function()
      vim.api.nvim_exec_autocmds('CursorMoved', { buffer = vim.api.nvim_win_get_buf(source) })
      vim.wait(150)
      local bufnr = preview_buffer()
      local places = bufnr and vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, { details = true }) or {}
      return vim.iter(places):find(function(place)
        local lines = vim.api.nvim_buf_get_lines(bufnr, place[2], place[4].end_row, false)
        return table.concat(lines, '\n'):find(wanted, 1, true) ~= nil
      end)
    end)
  end
  cursor_on("update: Post SET status = 'published'")
  marked('UPDATE blog.tb_post')
  assert(vim.api.nvim_buf_get_name(preview_buffer()):find('publish_post', 1, true))
  equal(#vim.api.nvim_list_wins(), windows)
  vim.api.nvim_set_current_win(assert(preview_window()))
  vim.fn.search('UPDATE blog.tb_post', 'w')
  vim.cmd.normal('gd')
  eventually('the line in the file', function()
    return vim.api.nvim_get_current_win() == source
      and vim.api.nvim_get_current_line():find("update: Post SET status = 'published'", 1, true)
  end, vim.api.nvim_get_current_line)
  cursor_on('name: create_post', #'name: ')
  marked('create_post')
end)

step('artifacts are completed with those of the place', function()
  local names = vim.fn.getcompletion('SpecqlPreview event', 'cmdline')
  assert(vim.list_contains(names, 'event-sample') and vim.list_contains(names, 'event-flow'), vim.inspect(names))
  vim.cmd.SpecqlPreview('cascade-sample')
  eventually('a sample', function()
    local bufnr = preview_buffer()
    return bufnr and text(bufnr):find('"__typename": "Post"', 1, true)
  end)
  vim.cmd.SpecqlPreview('action')
  generated_sql()
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

--- Every capture at a place, as `language capture`.
local function captures(bufnr, word, offset)
  cursor_on(word, offset)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  return vim.tbl_map(function(capture)
    return capture.lang .. ' ' .. capture.capture
  end, vim.treesitter.get_captures_at_pos(bufnr, row - 1, column))
end

local function has(list, expected)
  assert(vim.list_contains(list, expected), expected .. ' is not among ' .. vim.inspect(list))
end

--- A buffer of its own with these lines, parsed with everything inside.
local function scratch(lines)
  vim.cmd.enew({ bang = true })
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  vim.bo.filetype = 'specql'
  vim.treesitter.get_parser(0):parse(true)
  return vim.api.nvim_get_current_buf()
end

step('the tree-sitter grammars colour it, the one-line languages included', function()
  local bufnr = vim.api.nvim_get_current_buf()
  assert(vim.treesitter.highlighter.active[bufnr], 'no highlighter')
  vim.treesitter.get_parser(bufnr):parse(true)
  has(captures(bufnr, 'name: create_post', #'name: '), 'specql function')
  has(captures(bufnr, 'impact:'), 'specql keyword')
  has(captures(bufnr, 'ref(User)'), 'specql_type keyword')
  has(captures(bufnr, 'SET post_count'), 'specql_step keyword')
end)

step('every query of every language can be read, and is the one of this plugin', function()
  local seen = 0
  for _, language in ipairs({ 'specql', 'specql_type', 'specql_step' }) do
    local folder = vim.fs.joinpath(PLUGIN, 'queries', language)
    for name in vim.fs.dir(folder) do
      local kind = name:gsub('%.scm$', '')
      assert(vim.treesitter.query.get(language, kind), language .. ' ' .. kind)
      equal(vim.treesitter.query.get_files(language, kind), { vim.fs.joinpath(folder, name) })
      seen = seen + 1
    end
  end
  assert(seen >= 12, seen .. ' queries')
end)

step('words, regular expressions and quoted statements have their colours', function()
  -- What a user may have set must not change which text a pattern matches.
  vim.o.ignorecase = true
  local bufnr = scratch({
    '# specql: allow(no-actions)',
    'nothing: ~',
    'time: 12:30',
    'float: 1.0e+3',
    'fields:',
    '  amount: decimal(10, 2) = 0',
    '  quoted: "ref(crm.Company)"',
    'actions:',
    '  - name: pay',
    '    steps:',
    [[      - validate: "total > 0 AND code ~ '^x'"]],
    '        error: not_payable',
    '      - if: |',
    '          total > 1000',
    '            AND EXISTS Loan',
    '        then:',
    '          - reject: too_much',
    '      - switch: status',
    '        cases:',
    '          - when: placed',
    '            then:',
    '              - update: Order SET paid = TRUE',
    '      - insert: {set: {amount: total * 2}}',
    '@junk',
  })
  has(captures(bufnr, '# specql'), 'specql keyword.directive')
  has(captures(bufnr, '~'), 'specql constant.builtin')
  has(captures(bufnr, '12:30'), 'specql number')
  has(captures(bufnr, '1.0e'), 'specql number.float')
  has(captures(bufnr, 'decimal'), 'specql_type type.builtin')
  has(captures(bufnr, 'Company'), 'specql_type type')
  has(captures(bufnr, 'total > 0', #'total '), 'specql_step operator')
  has(captures(bufnr, "'^x'"), 'specql_step string.regexp')
  has(captures(bufnr, 'not_payable'), 'specql string.special.symbol')
  has(captures(bufnr, '> 1000'), 'specql_step operator')
  has(captures(bufnr, 'AND EXISTS'), 'specql_step keyword.operator')
  has(captures(bufnr, 'Loan'), 'specql_step type')
  has(captures(bufnr, 'reject'), 'specql keyword.exception')
  has(captures(bufnr, 'update'), 'specql keyword')
  has(captures(bufnr, 'SET paid'), 'specql_step keyword')
  has(captures(bufnr, 'amount: total'), 'specql variable.member')
  has(captures(bufnr, '* 2'), 'specql_step operator')
  has(captures(bufnr, '@junk'), 'specql error')
  assert(vim.api.nvim_get_hl(0, { name = '@error.specql' }).link, 'no colour for what fits nothing')
  vim.o.ignorecase = false
end)

step('blocks, text and runs of comments fold', function()
  scratch({
    '# one',
    '# two',
    'entity: Post',
    'description: |',
    '  first',
    '  second',
    'fields:',
    '  title: text!',
    '  status:',
    '    type: text',
    'tags: [',
    '  a,',
    ']',
  })
  vim.wo.foldmethod = 'expr'
  vim.wo.foldexpr = 'v:lua.vim.treesitter.foldexpr()'
  vim.wo.foldlevel = 0
  local function folded()
    local ranges, line = {}, 1
    while line <= vim.fn.line('$') do
      local last = vim.fn.foldclosedend(line)
      if last > 0 then
        table.insert(ranges, { line, last })
        line = last
      end
      line = line + 1
    end
    return ranges
  end
  local expected = { { 1, 2 }, { 4, 6 }, { 7, 10 }, { 11, 13 } }
  eventually('the folds', function()
    vim.cmd('normal! zX')
    return vim.deep_equal(folded(), expected)
  end, folded)
  vim.wo.foldmethod = 'manual'
end)

step('Enter goes to the level of what comes next', function()
  scratch({})
  local lines = {
    'entity: Post',
    'fields:',
    '  title: text!',
    '  status:',
    '    type: text',
    'actions:',
    '  - name: pay',
    '    steps:',
    '      - validate: total > 0',
    '        error: not_payable',
    '      - insert:',
    '          entity: Post',
    '          set:',
    '            status: draft',
    '      - if: total > 1000',
    '        then:',
    '          - reject: too_much',
    '    impact:',
    '      primary:',
    '        entity: Post',
  }
  -- Typed without their blanks; lines that go back get theirs from hand.
  local keys, level = {}, 0
  for _, line in ipairs(lines) do
    local blanks, content = line:match('^( *)(.*)$')
    table.insert(keys, #blanks < level and '0<C-d>' .. line or content)
    level = #blanks + (content:match(':$') and 2 or 0) + (content:match('^%- ') and 2 or 0)
  end
  local typed = vim.api.nvim_replace_termcodes('i' .. table.concat(keys, '<CR>') .. '<Esc>', true, false, true)
  vim.api.nvim_feedkeys(typed, 'nx', false)
  equal(vim.api.nvim_buf_get_lines(0, 0, -1, false), lines)
end)

step('a line of a text over several lines stays in it, and one below a comment beside it', function()
  local function typed(lines, keys, expected)
    scratch(lines)
    vim.api.nvim_win_set_cursor(0, { #lines, 0 })
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'nx', false)
    equal(vim.api.nvim_buf_get_lines(0, #lines, -1, false), expected)
  end
  local text = { 'steps:', '  - validate: |', '      title IS NOT NULL' }
  typed(text, 'oAND input.n::integer > 0<Esc>', { '      AND input.n::integer > 0' })
  typed(text, 'oAND a<CR>b: c<Esc>', { '      AND a', '      b: c' })
  typed(text, 'o<C-d>error: no_title<Esc>', { '    error: no_title' })
  typed({ 'steps:', '  - insert: Post', '  # why' }, 'o- update: Post<Esc>', { '  - update: Post' })
end)

step(':checkhealth specql knows the server, and :help specql is found', function()
  vim.cmd.checkhealth('specql')
  local report = text(0)
  assert(report:find('is specql%-lsp %d') and report:find('a server runs for', 1, true), report)
  assert(not report:find('ERROR', 1, true), report)
  vim.cmd.bwipeout({ bang = true })
  vim.cmd.help('specql')
  assert(vim.api.nvim_buf_get_name(0):find('specql.txt', 1, true), vim.api.nvim_buf_get_name(0))
  vim.cmd.helpclose()
end)

step('other YAML is left alone', function()
  local path = vim.fs.joinpath(WORKSPACE, 'compose.yaml')
  vim.fn.writefile({ 'services:', '  entity: Post' }, path)
  vim.cmd.edit({ path, bang = true })
  equal(vim.bo.filetype, 'yaml')
  equal(vim.lsp.get_clients({ bufnr = 0 }), {})
end)

step('a new file is one of ours once its entity is typed', function()
  local path = vim.fs.joinpath(WORKSPACE, 'entities/bookmark.yaml')
  local function typed(keys)
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'nx', false)
  end
  vim.cmd.edit({ path, bang = true })
  equal(vim.bo.filetype, 'yaml')
  typed('iservices:<Esc>')
  vim.api.nvim_exec_autocmds('InsertLeave', { buffer = 0 })
  equal(vim.bo.filetype, 'yaml')
  typed('ccentity: Bookmark<CR>fields:<CR>post: ref(Pst)<Esc>')
  vim.api.nvim_exec_autocmds('InsertLeave', { buffer = 0 })
  equal(vim.bo.filetype, 'specql')
  eventually('a finding', function()
    return vim.iter(diagnostics()):any(function(it)
      return it.code == 'unknown-entity'
    end)
  end, diagnostics)
  vim.cmd.bwipeout({ bang = true })
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
