-- Indentation where YAML's guesses wrong: a line of a text over several lines stays in it, whatever
-- signs it has, a line below a comment begins where the comment does, and what stands below a key behind a dash
-- is deeper than that key.

local M = {}

local HEADERS = { '[:%-]%s+[|>][%d+-]*%s*$', '[:%-]%s+[|>][%d+-]*%s+#.*$' }

--- The column of what a line says behind its dashes.
local function content(line)
  return #line:match('^[%s-]*')
end

local function opens_text(line)
  return vim.iter(HEADERS):any(function(header)
    return line:find(header) ~= nil
  end)
end

--- The indentation of the text over several lines that the lines above belong to, if they do.
local function text_above(lnum)
  local least = math.huge
  for above = lnum - 1, 1, -1 do
    local line = vim.fn.getline(above)
    local indent = vim.fn.indent(above)
    if line:find('%S') and indent < least then
      if opens_text(line) then
        return least < math.huge and least > content(line) and least or nil
      end
      least = indent
    end
    if least == 0 then
      return nil
    end
  end
  return nil
end

local function is_open_key_of_item(line)
  return line:find('^%s*%-%s+[%w_.$"\']+%s*:%s*$') ~= nil or line:find('^%s*%-%s+[%w_.$"\']+%s*:%s+#.*$') ~= nil
end

--- For 'indentexpr'; -1 leaves the line as it is.
function M.level(lnum)
  local line = vim.fn.getline(lnum)
  local is_empty = not line:find('%S')
  local text = text_above(lnum)
  if text and is_empty then
    return text
  elseif text and vim.fn.indent(lnum) >= text then
    return -1
  end
  local above = vim.fn.prevnonblank(lnum - 1)
  if is_empty and vim.fn.getline(above):find('^%s*#') then
    return vim.fn.indent(above)
  elseif is_open_key_of_item(vim.fn.getline(above)) then
    local key = content(vim.fn.getline(above))
    if is_empty then
      return key + vim.fn.shiftwidth()
    elseif vim.fn.indent(lnum) > key then
      return -1
    end
  end
  return vim.fn.GetYAMLIndent(lnum)
end

return M
