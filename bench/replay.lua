-- Replay the requests of a file (bench/requests.py), once each. Arguments: the file, and a pattern
-- that each response body must contain. Needs a single thread. Prints one line of JSON at the end.
local file, expected, thread
wrong, example = 0, ""

function setup(one)
    thread = one
end

function init(arguments)
    file = assert(io.open(arguments[1], "rb"))
    expected = arguments[2]
end

function request()
    local length = file:read("*l")
    if not length then error("not enough requests for the duration") end
    return file:read(tonumber(length))
end

function response(status, _, body)
    if status ~= 200 or not body:find(expected) then
        wrong, example = wrong + 1, status .. " " .. body:sub(1, 60):gsub("[^%w <>]", "?")
    end
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "wrong": %d, "example": "%s"}',
        summary.requests, summary.duration / 1e6,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        thread:get("wrong") + errors.connect + errors.read + errors.write + errors.timeout,
        thread:get("example")))
end
