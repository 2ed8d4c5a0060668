-- By name, and YAML of any name by what the server goes by too: a root key `entity`.

local LOOKED_AT = 200 -- lines

local function declares(line)
  return line:find('^entity%s*:%s') or line:find('^entity%s*:$')
end

local function detect(_, bufnr)
  if not bufnr then
    return
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, LOOKED_AT, false)) do
    if declares(line) then
      return 'specql'
    end
  end
end

--- A file that is typed becomes one of ours with the line of its entity. The key alone may become another, so
--- while it is typed only the lines before the cursor's count.
local function watch(bufnr)
  local function turn(is_one)
    if vim.bo[bufnr].filetype == 'yaml' and is_one then
      vim.bo[bufnr].filetype = 'specql'
    end
    return vim.bo[bufnr].filetype ~= 'yaml'
  end
  local group = vim.api.nvim_create_augroup('specql_detect_' .. bufnr, {})
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      return turn(detect(nil, bufnr))
    end,
  })
  vim.api.nvim_create_autocmd('TextChangedI', {
    group = group,
    buffer = bufnr,
    callback = function()
      local row = vim.api.nvim_win_get_cursor(0)[1]
      local above = vim.api.nvim_buf_get_lines(bufnr, math.max(row - 2, 0), row - 1, false)[1]
      return turn(above and declares(above))
    end,
  })
end

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('specql_detect', {}),
  pattern = 'yaml',
  callback = function(args)
    watch(args.buf)
  end,
})

vim.filetype.add({
  extension = { specql = 'specql' },
  filename = { ['specql.config.yaml'] = 'specql', ['specql.config.yml'] = 'specql' },
  pattern = {
    ['.*%.specql%.ya?ml'] = { 'specql', { priority = 10 } },
    ['.*%.ya?ml'] = detect,
  },
})
