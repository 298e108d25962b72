-- What wrk asks for, and how it tells what came of it.
--
--   wrk … URL -- read  FIRST COUNT SEED              files at random
--   wrk … URL -- write FIRST COUNT BODY-FILE BEGIN   one file after the other, and again from the first
--
-- FIRST is the number of the first file; they lie where replicas do. BEGIN says with which of them to
-- begin, from 0.

-- More than these are not kept ready: their text would be more than the memory of the script.
local READY_BYTES = 128 * 1024 * 1024
local HEAD_BYTES = 128

local first, count, position, ready, body

local function text(file)
  local path =
    string.format(
      "/dev1/%d/%03d/%03d/%010d.fid",
      file / 1000000000, file / 1000000 % 1000, file / 1000 % 1000, file)
  return wrk.format(nil, path, nil, body)
end

local function prepare(length)
  ready = {}
  if count * length <= READY_BYTES then
    for i = 1, count do
      ready[i] = text(first + i - 1)
    end
  end
end

local function at(i)
  return ready[i] or text(first + i - 1)
end

local function read_any()
  return at(math.random(count))
end

local function write_next()
  position = position % count + 1
  return at(position)
end

function init(arguments)
  first, count = tonumber(arguments[2]), tonumber(arguments[3])
  if arguments[1] == "write" then
    wrk.method = "PUT"
    local file = assert(io.open(arguments[4], "rb"))
    body = file:read("*a")
    file:close()
    -- wrk makes one request only to look at it: that is to be the file before.
    position = (tonumber(arguments[5]) - 1) % count
    prepare(#body + HEAD_BYTES)
    request = write_next
  else
    math.randomseed(tonumber(arguments[4]))
    prepare(HEAD_BYTES)
    request = read_any
  end
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(
    string.format(
      "measured requests=%d bytes=%d micros=%d failed=%d p50=%d p99=%d\n",
      summary.requests,
      summary.bytes,
      summary.duration,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout,
      latency:percentile(50),
      latency:percentile(99)))
end
