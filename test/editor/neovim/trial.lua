-- Opens a file in Neovim with `codegloss lsp --stdio` as its language server, asks for a hover and for the code lenses, and prints the answers.
-- Works from Neovim 0.7 on, which has `vim.lsp.start_client` only (0.8 has `vim.lsp.start`). CODEGLOSS_NODE, CODEGLOSS_COMMAND, CODEGLOSS_FILE and CODEGLOSS_WORD say what to open.
local waitMs = 20000
local file = vim.env.CODEGLOSS_FILE
local word = vim.env.CODEGLOSS_WORD

local function fail(message)
  io.stderr:write(message .. '\n')
  vim.cmd('cquit 1')
end

local function ask(client, method, params)
  local answer
  client.request(method, params, function(problem, result)
    answer = { problem = problem, result = result }
  end, 0)
  if not vim.wait(waitMs, function() return answer ~= nil end, 20) then fail('no answer to ' .. method) end
  if answer.problem then fail(method .. ': ' .. vim.inspect(answer.problem)) end
  return answer.result
end

vim.cmd('edit ' .. vim.fn.fnameescape(file))
local id = (vim.lsp.start or vim.lsp.start_client)({
  name = 'codegloss',
  cmd = { vim.env.CODEGLOSS_NODE, vim.env.CODEGLOSS_COMMAND, 'lsp', '--stdio' },
  root_dir = vim.fn.fnamemodify(file, ':p:h'),
})
if not id then fail('the server did not start') end
vim.lsp.buf_attach_client(0, id)
local client = vim.lsp.get_client_by_id(id)
if not vim.wait(waitMs, function() return client.initialized end, 20) then fail('the server did not initialize') end

local document = { uri = vim.uri_from_bufnr(0) }
local line = vim.fn.search([[\<]] .. word .. [[\>]], 'w')
if line == 0 then fail(word .. ' is not in the file') end
local position = { line = line - 1, character = vim.fn.col('.') - 1 }

local hover
local hasSummary = vim.wait(waitMs, function()
  hover = ask(client, 'textDocument/hover', { textDocument = document, position = position })
  return hover ~= nil and hover ~= vim.NIL and not hover.contents.value:match('Summarizing')
end, 100)
if not hasSummary then fail('no hover on ' .. word) end
io.stdout:write('hover: ' .. hover.contents.value:gsub('\n+', ' | ') .. '\n')

local lenses = ask(client, 'textDocument/codeLens', { textDocument = document }) or {}
local titles = 0
for _, lens in ipairs(lenses) do
  local resolved = lens
  local filled = vim.wait(waitMs, function()
    resolved = lens.command and lens or ask(client, 'codeLens/resolve', lens)
    local title = resolved.command and resolved.command.title or ''
    return title ~= '' and title ~= 'Summarize' and title ~= 'Summarizing…'
  end, 100)
  if filled then titles = titles + 1 end
  io.stdout:write(('lens %d: %s\n'):format(lens.range.start.line + 1, resolved.command.title))
end
if titles == 0 then fail('no lens says anything') end

local symbols = ask(client, 'textDocument/documentSymbol', { textDocument = document }) or {}
io.stdout:write(('symbols: %d\n'):format(#symbols))

vim.lsp.stop_client(id)
vim.wait(5000, function() return client.is_stopped() end, 20)
vim.cmd('qall!')
