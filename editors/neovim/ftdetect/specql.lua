-- By name, and YAML of any name by what the server goes by too: a root key `entity`.

local LOOKED_AT = 200 -- lines

local function detect(_, bufnr)
  if not bufnr then
    return
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, LOOKED_AT, false)) do
    if line:find('^entity%s*:%s') or line:find('^entity%s*:$') then
      return 'specql'
    end
  end
end

vim.filetype.add({
  extension = { specql = 'specql' },
  filename = { ['specql.config.yaml'] = 'specql', ['specql.config.yml'] = 'specql' },
  pattern = {
    ['.*%.specql%.ya?ml'] = { 'specql', { priority = 10 } },
    ['.*%.ya?ml'] = detect,
  },
})
