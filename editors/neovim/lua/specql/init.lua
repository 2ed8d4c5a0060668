--- Previews of what is generated from a SpecQL file: read-only buffers in one window beside it. The server
--- knows which ones are shown and says when the text of one has become another; then it is asked for again.
--- The preview follows the cursor: it marks what the line became, and in another action shows that one.
local M = {}

local PREFIX = 'specql-preview://'

--- A named artifact of a named action, else what the place is about.
---@class specql.Params
---@field uri? string
---@field action? string
---@field artifact? string
---@field position? lsp.Position

--- `uri` is the document whose text shows the preview, `title` is `Post.create_post · action`.
---@class specql.Preview
---@field uri string
---@field title string
---@field language string

--- Preview buffer → the server's name of what it shows.
---@type table<integer, { uri: string, artifact?: string }>
local shown = {}

local marks = vim.api.nvim_create_namespace('specql.preview')
local REST = 100 -- milliseconds that the cursor stays before it is followed
local timer ---@type uv.uv_timer_t?

---@param bufnr integer
---@param text string
local function set_text(bufnr, text)
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].modified = false
end

--- Asks `client` and calls back with the answer, unless it is `null` or an error.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param callback fun(result: any)
local function ask(client, method, params, callback)
  client:request(method, params, function(err, result)
    if err then
      vim.notify('specql: ' .. err.message, vim.log.levels.ERROR)
    elseif result == nil or result == vim.NIL then
      vim.notify('specql: nothing is generated from this place')
    else
      callback(result)
    end
  end)
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param done? fun()
local function fill(client, bufnr, done)
  ask(client, 'workspace/textDocumentContent', { uri = shown[bufnr].uri }, function(content)
    if vim.api.nvim_buf_is_valid(bufnr) then
      set_text(bufnr, content.text)
      if done then
        done()
      end
    end
  end)
end

--- The artifact that a preview shows, which its name says.
---@param uri string
---@return string?
local function artifact_of(uri)
  local done, asked = pcall(vim.json.decode, vim.uri_decode(uri:match('%?(.*)$') or ''))
  return done and asked.artifact or nil
end

---@param preview specql.Preview
---@return integer bufnr
local function buffer_for(preview)
  for bufnr, it in pairs(shown) do
    if it.uri == preview.uri then
      return bufnr
    end
  end
  local bufnr = vim.api.nvim_create_buf(false, true)
  shown[bufnr] = { uri = preview.uri, artifact = artifact_of(preview.uri) }
  vim.api.nvim_buf_set_name(bufnr, PREFIX .. preview.title:gsub(' · ', '/'))
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = preview.language
  vim.keymap.set('n', 'gd', M.jump, { buffer = bufnr, desc = 'Where this line was written' })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = bufnr,
    callback = function()
      shown[bufnr] = nil
    end,
  })
  return bufnr
end

--- The window that shows a preview in this tab page.
---@return integer?
local function window()
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(it)
    return shown[vim.api.nvim_win_get_buf(it)] ~= nil
  end)
end

--- Shows a buffer in the window of previews, or in a new one; the cursor stays where it is.
---@param bufnr integer
local function show(bufnr)
  local there = window()
  if there then
    vim.api.nvim_win_set_buf(there, bufnr)
  else
    vim.api.nvim_open_win(bufnr, false, { split = 'right' })
  end
end

---@param bufnr integer
---@return vim.lsp.Client?
local function client_of(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr, name = 'specql_lsp' })[1]
end

--- The place of the cursor, as the server's requests name it.
---@param client vim.lsp.Client
---@return table
local function place(client)
  return {
    uri = vim.uri_from_bufnr(0),
    position = vim.lsp.util.make_position_params(0, client.offset_encoding).position,
  }
end

--- Marks the lines of ranges, and brings the first into sight.
---@param bufnr integer
---@param ranges lsp.Range[]
local function mark(bufnr, ranges)
  vim.api.nvim_buf_clear_namespace(bufnr, marks, 0, -1)
  local last = vim.api.nvim_buf_line_count(bufnr) - 1
  for _, range in ipairs(ranges) do
    local from, to = math.min(range.start.line, last), math.min(range['end'].line, last)
    vim.api.nvim_buf_set_extmark(bufnr, marks, from, 0, {
      end_row = to + 1,
      end_col = 0,
      hl_group = 'SpecqlPreviewPlace',
      hl_eol = true,
      strict = false,
    })
  end
  local there = vim.fn.bufwinid(bufnr)
  if ranges[1] and there ~= -1 then
    vim.api.nvim_win_set_cursor(there, { math.min(ranges[1].start.line, last) + 1, 0 })
  end
end

--- Brings the preview to what the line at the cursor became.
function M.follow()
  local there = window()
  local bufnr = there and vim.api.nvim_win_get_buf(there)
  local client = client_of(vim.api.nvim_get_current_buf())
  if not bufnr or not client then
    return
  end
  local wanted = vim.tbl_extend('error', place(client), { artifact = shown[bufnr].artifact })
  client:request('specql/sourceMap', wanted, function(_, result)
    if not result or result == vim.NIL or not shown[bufnr] then
      return
    elseif result.uri == shown[bufnr].uri then
      mark(bufnr, result.ranges)
    else
      -- Another action: the one that is shown is asked for under the same name.
      client:request('specql/preview', wanted, function(_, preview)
        if preview and preview ~= vim.NIL and window() then
          local target = buffer_for(preview)
          show(target)
          fill(client, target, function()
            mark(target, result.ranges)
          end)
        end
      end)
    end
  end)
end

--- Follows the cursor of a file while a preview is open.
---@param bufnr integer
local function keep_following(bufnr)
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI' }, {
    group = vim.api.nvim_create_augroup('specql.follow.' .. bufnr, { clear = true }),
    buffer = bufnr,
    callback = function()
      timer = timer or assert(vim.uv.new_timer())
      timer:start(REST, 0, vim.schedule_wrap(M.follow))
    end,
  })
end

--- From a line of a preview to where it was written.
function M.jump()
  local it = shown[vim.api.nvim_get_current_buf()]
  local client = vim.lsp.get_clients({ name = 'specql_lsp' })[1]
  if not it or not client then
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local text = vim.api.nvim_get_current_line()
  local character = vim.str_utfindex(text, client.offset_encoding, math.min(column, #text))
  local wanted = { uri = it.uri, position = { line = row - 1, character = character } }
  client:request('specql/sourceMap', wanted, function(_, result)
    if not result or result == vim.NIL or not result.ranges[1] then
      vim.notify('specql: no file says this line')
      return
    end
    local file = vim.fn.bufwinid(vim.uri_to_bufnr(result.uri))
    if file ~= -1 then
      vim.api.nvim_set_current_win(file)
    end
    vim.lsp.util.show_document(
      { uri = result.uri, range = result.ranges[1] },
      client.offset_encoding,
      { focus = true }
    )
  end)
end

--- The artifacts of the place at the cursor that begin with some letters, for the command line.
---@param lead string
---@return string[]
function M.artifacts(lead)
  local client = client_of(vim.api.nvim_get_current_buf())
  local answer = client and client:request_sync('specql/artifacts', place(client), 2000)
  local names = vim.tbl_map(function(it)
    return it.artifact
  end, answer and answer.result or {})
  return vim.tbl_filter(function(it)
    return vim.startswith(it, lead)
  end, names)
end

--- Opens a preview beside the file, in the window of the one before, and leaves the cursor where it is.
---@param params? specql.Params what is at the cursor, unless it says otherwise
---@param from? { client_id?: integer, bufnr?: integer }
function M.preview(params, from)
  from = from or {}
  local bufnr = from.bufnr or vim.api.nvim_get_current_buf()
  local client = from.client_id and vim.lsp.get_client_by_id(from.client_id)
    or client_of(bufnr)
  if not client then
    vim.notify('specql: no server is attached to this buffer; `:checkhealth specql` says why', vim.log.levels.WARN)
    return
  end
  local wanted = vim.tbl_extend('keep', params or {}, { uri = vim.uri_from_bufnr(bufnr) })
  if not wanted.action then
    wanted.position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  end
  ask(client, 'specql/preview', wanted, function(preview)
    local target = buffer_for(preview)
    show(target)
    fill(client, target, M.follow)
    keep_following(bufnr)
  end)
end

--- Lists the uses that a lens counts.
---@param params table
---@param ctx { client_id: integer }
function M.show_uses(params, ctx)
  local client = assert(vim.lsp.get_client_by_id(ctx.client_id))
  ask(client, 'specql/references', params, function(uses)
    local places = vim.tbl_filter(function(it)
      return it.access ~= 'declaration'
    end, uses)
    local items = vim.lsp.util.locations_to_items(places, client.offset_encoding)
    vim.fn.setqflist({}, ' ', { title = 'SpecQL uses', items = items })
    vim.cmd('botright copen')
  end)
end

--- Fills the buffer of what comes with the language. The text is there when this returns, because the
--- cursor is put into it next.
---@param bufnr integer
---@param uri string
function M.read_built_ins(bufnr, uri)
  local client = vim.lsp.get_clients({ name = 'specql_lsp' })[1]
  local answer = client and client:request_sync('workspace/textDocumentContent', { uri = uri }, 2000)
  if answer and answer.result then
    set_text(bufnr, answer.result.text)
  end
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].filetype = 'markdown'
end

--- Handles the server's request `workspace/textDocumentContent/refresh`.
---@param params { uri: string }
---@param ctx lsp.HandlerContext
function M.refresh(_, params, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  for bufnr, it in pairs(shown) do
    if client and it.uri == params.uri then
      fill(client, bufnr)
    end
  end
  return vim.NIL
end

return M
