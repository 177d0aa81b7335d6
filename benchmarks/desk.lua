-- What one browser at the desk does, for wrk: one thread is one session.
--
--     wrk -t60 -c60 -d60s -s benchmarks/desk.lua http://127.0.0.1:8765 -- SESSIONS ANSWERS
--
-- SESSIONS has a line a session: number, bureau, cookie, token of the forms. Of each answer a line
-- goes into ANSWERS/<number>: what was asked, milliseconds, status, whether a check was still going
-- on. Odd sessions hand in files and have reports made, even ones save texts; all of them read.

local ffi = require("ffi")
ffi.cdef [[typedef struct { long seconds, nanos; } moment; int clock_gettime(int clock, moment *);]]

local YEAR = 2024
local STEPS = { "", "/workbook", "/hand-in", "/texts", "/report", "/word", "/final" }
local FRAMED = { ["/texts"] = true, ["/report"] = true }
local FORM = "application/x-www-form-urlencoded"
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local function milliseconds()
  local now = ffi.new("moment")
  ffi.C.clock_gettime(1, now)
  return tonumber(now.seconds) * 1000 + tonumber(now.nanos) / 1e6
end

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do lines[#lines + 1] = line end
  local session, bureau, cookie, token = lines[number]:match("(%S+) (%S+) (%S+) (%S+)")
  id = tonumber(session)
  base = "/agency/" .. bureau .. "/" .. YEAR
  wrk.headers["Cookie"] = "nianbao=" .. cookie
  wrk.headers["X-Form-Token"] = token
  answers = io.open(args[2] .. "/" .. session, "w")
  math.randomseed(id)
  for _ = 1, 5 do math.random() end
  ahead, begun = {}, false
end

local function ask(kind, method, path, headers, body)
  ahead[#ahead + 1] = { kind = kind, method = method, path = path, headers = headers, body = body }
end

local function hand_in()
  local rows = "名称,数值,单位,说明\n培训次数," .. math.random(99) .. ",次,\n"
  local part = '--edge\r\nContent-Disposition: form-data; name="files"; filename="其他数据.csv"\r\n'
    .. "Content-Type: text/csv\r\n\r\n" .. rows .. "\r\n--edge--\r\n"
  ask("form", "POST", base .. "/hand-in", { ["Content-Type"] = "multipart/form-data; boundary=edge" }, part)
  ask("build", "POST", base .. "/build", { ["Content-Type"] = FORM }, "draft=1")
end

local function save()
  local text = "没有其他需要报告的事项（第" .. id .. "人，" .. math.random(9999) .. "）。"
  local body = "base=&how=mine&text=" .. text:gsub(".", function(c) return ("%%%02X"):format(c:byte()) end)
  ask("save", "POST", base .. "/texts/other", { ["Content-Type"] = FORM, Accept = "application/json" }, body)
  ask("frame", "GET", base .. "/page")
end

local function choose()
  if id % 10 == 0 and math.random() < 0.5 then
    ask("board", "GET", "/county/" .. YEAR)
    return
  end
  local step = STEPS[math.random(#STEPS)]
  ask("page", "GET", base .. step)
  if FRAMED[step] then ask("frame", "GET", base .. "/page") end
  if math.random() < 0.15 then
    if id % 2 == 1 then hand_in() else save() end
  end
end

-- People read, too; what belongs to one page is asked for at once.
function delay()
  if #ahead > 0 then return 0 end
  local first = not begun
  begun = true
  return first and math.random(0, 4000) or math.random(2000, 6000)
end

function request()
  if #ahead == 0 then choose() end
  asked = table.remove(ahead, 1)
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  for name, value in pairs(asked.headers or {}) do headers[name] = value end
  asked.at = milliseconds()
  return wrk.format(asked.method, asked.path, headers, asked.body)
end

function response(status, headers, body)
  local reading = body:find("data-reading", 1, true) and 1 or 0
  local took = milliseconds() - asked.at
  answers:write(("%s %.1f %d %d %s\n"):format(asked.kind, took, status, reading, asked.path))
  answers:flush()
  if status == 303 then
    local kind = asked.kind == "form" and "found" or "page"
    table.insert(ahead, 1, { kind = kind, method = "GET", path = headers["location"]:gsub("#.*", "") })
  end
end
