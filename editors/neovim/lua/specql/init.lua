--- Previews of what is generated from a SpecQL file: read-only buffers beside it, which follow its edits.
local M = {}

local PREFIX = 'specql-preview://'
local QUIET = 200 -- milliseconds without typing before previews are asked for again
local group = vim.api.nvim_create_augroup('specql.preview', { clear = true })

--- Names an action and an artifact of it, or a place in a file; what is absent the server chooses.
---@class specql.Target
---@field uri? string
---@field entity? string
---@field action? string
---@field artifact? string
---@field position? lsp.Position

--- `title` is `Post.create_post · action`, `language` a filetype.
---@class specql.Preview
---@field title string
---@field language string
---@field text string

--- Preview buffer → what it shows and who is asked for it.
---@type table<integer, { target: specql.Target, client_id: integer }>
local shown = {}

---@param client vim.lsp.Client
---@param target specql.Target
---@param bufnr integer
---@param callback fun(preview?: specql.Preview)
local function ask(client, target, bufnr, callback)
  client:request('specql/preview', target, function(err, preview)
    if err then
      vim.notify('specql: ' .. err.message, vim.log.levels.ERROR)
    end
    callback(preview ~= vim.NIL and preview or nil)
  end, bufnr)
end

---@param bufnr integer
---@param text string
local function set_text(bufnr, text)
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].modified = false
end

local function refresh()
  for bufnr, source in pairs(shown) do
    local client = vim.lsp.get_client_by_id(source.client_id)
    if client then
      ask(client, source.target, 0, function(preview)
        if vim.api.nvim_buf_is_valid(bufnr) then
          set_text(bufnr, preview and preview.text or 'nothing to preview: it no longer exists')
        end
      end)
    end
  end
end

local timer = assert(vim.uv.new_timer())

--- Keeps every preview in step with the file it comes from, and with the files that one refers to.
local function follow(bufnr)
  vim.api.nvim_clear_autocmds({ group = group, buffer = bufnr })
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      timer:start(QUIET, 0, vim.schedule_wrap(refresh))
    end,
  })
end

---@param preview specql.Preview
---@return integer bufnr
local function buffer_for(preview)
  local name = PREFIX .. preview.title:gsub(' · ', '/')
  local existing = vim.fn.bufnr('^' .. vim.fn.escape(name, '\\*?[{') .. '$')
  if existing ~= -1 then
    return existing
  end
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].filetype = preview.language
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = bufnr,
    callback = function()
      shown[bufnr] = nil
    end,
  })
  return bufnr
end

--- The target without its place, once the server has said what stands there: the place moves with
--- every edit, the names do not.
---@param target specql.Target
---@param preview specql.Preview
---@return specql.Target
local function settled(target, preview)
  local entity, action, artifact = preview.title:match('^([^.]+)%.(.-) · (.+)$')
  if not target.position or not entity then
    return target
  end
  return { uri = target.uri, entity = entity, action = action, artifact = artifact }
end

--- Opens a preview in a split and leaves the cursor where it is.
---@param target? specql.Target without an action: the one at the cursor
---@param from? { client_id?: integer, bufnr?: integer }
function M.preview(target, from)
  from = from or {}
  local bufnr = from.bufnr or vim.api.nvim_get_current_buf()
  local client = from.client_id and vim.lsp.get_client_by_id(from.client_id)
    or vim.lsp.get_clients({ bufnr = bufnr, name = 'specql_lsp' })[1]
  if not client then
    vim.notify('specql: no server is attached to this buffer', vim.log.levels.WARN)
    return
  end
  local wanted = vim.deepcopy(target or {})
  wanted.uri = wanted.uri or vim.uri_from_bufnr(bufnr)
  if not wanted.action then
    wanted.position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  end
  ask(client, wanted, bufnr, function(preview)
    if not preview then
      vim.notify('specql: there is no action here to preview', vim.log.levels.INFO)
      return
    end
    local shown_in = buffer_for(preview)
    shown[shown_in] = { target = settled(wanted, preview), client_id = client.id }
    set_text(shown_in, preview.text)
    follow(bufnr)
    if vim.fn.bufwinid(shown_in) == -1 then
      vim.api.nvim_open_win(shown_in, false, { split = 'right' })
    end
  end)
end

return M
