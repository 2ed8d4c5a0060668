--- Previews of what is generated from a SpecQL file: read-only buffers beside it. The server knows which
--- ones are shown and says when the text of one has become another; then it is asked for again.
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
---@type table<integer, string>
local shown = {}

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
local function fill(client, bufnr)
  ask(client, 'workspace/textDocumentContent', { uri = shown[bufnr] }, function(content)
    if vim.api.nvim_buf_is_valid(bufnr) then
      set_text(bufnr, content.text)
    end
  end)
end

---@param preview specql.Preview
---@return integer bufnr
local function buffer_for(preview)
  for bufnr, uri in pairs(shown) do
    if uri == preview.uri then
      return bufnr
    end
  end
  local bufnr = vim.api.nvim_create_buf(false, true)
  shown[bufnr] = preview.uri
  vim.api.nvim_buf_set_name(bufnr, PREFIX .. preview.title:gsub(' · ', '/'))
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = preview.language
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = bufnr,
    callback = function()
      shown[bufnr] = nil
    end,
  })
  return bufnr
end

--- Opens a preview in a split and leaves the cursor where it is.
---@param params? specql.Params what is at the cursor, unless it says otherwise
---@param from? { client_id?: integer, bufnr?: integer }
function M.preview(params, from)
  from = from or {}
  local bufnr = from.bufnr or vim.api.nvim_get_current_buf()
  local client = from.client_id and vim.lsp.get_client_by_id(from.client_id)
    or vim.lsp.get_clients({ bufnr = bufnr, name = 'specql_lsp' })[1]
  if not client then
    vim.notify('specql: no server is attached to this buffer', vim.log.levels.WARN)
    return
  end
  local wanted = vim.tbl_extend('keep', params or {}, { uri = vim.uri_from_bufnr(bufnr) })
  if not wanted.action then
    wanted.position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  end
  ask(client, 'specql/preview', wanted, function(preview)
    local target = buffer_for(preview)
    fill(client, target)
    if vim.fn.bufwinid(target) == -1 then
      vim.api.nvim_open_win(target, false, { split = 'right' })
    end
  end)
end

--- Handles the server's request `workspace/textDocumentContent/refresh`.
---@param params { uri: string }
---@param ctx lsp.HandlerContext
function M.refresh(_, params, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  for bufnr, uri in pairs(shown) do
    if client and uri == params.uri then
      fill(client, bufnr)
    end
  end
  return vim.NIL
end

return M
