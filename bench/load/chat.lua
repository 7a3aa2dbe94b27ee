-- For wrk: POST the file named by $BENCH_BODY with the headers in $BENCH_HEADERS, one a line; GET when there is no body.
-- Built once, so that no Lua runs per request; with $BENCH_KEYS, a file of virtual keys, each request shows the next of them.
local body = os.getenv("BENCH_BODY")
if body then
  local file = assert(io.open(body, "rb"))
  wrk.body = file:read("*a")
  file:close()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end
for line in (os.getenv("BENCH_HEADERS") or ""):gmatch("[^\r\n]+") do
  local name, value = line:match("^([^:]+):%s*(.*)$")
  if name then wrk.headers[name] = value end
end

local keys = os.getenv("BENCH_KEYS")
if keys then
  local all, next = {}, 0
  for key in io.lines(keys) do all[#all + 1] = key end
  request = function()
    next = next % #all + 1
    wrk.headers["Authorization"] = "Bearer " .. all[next]
    return wrk.format()
  end
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%.6f,"bad":%d,"sock":%d,"p50":%d,"p90":%d,"p99":%d,"max":%d}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
