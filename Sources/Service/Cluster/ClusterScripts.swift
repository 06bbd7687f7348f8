import Redis

/// What happens to the shared line, step by step. Each script is one step: Redis does nothing else meanwhile, and
/// none does harm when it is done twice.
///
/// Everything that waits is an item: a hash `item:ID`. Its place is in the sorted set `line:PRIORITY`, by start
/// time (start-time fair queueing, Goyal et al. 1996, as ``MemoryQueue`` has it). When a node takes it, it
/// becomes an entry of the stream `work`, delivered to that node of the group `speakers`; the entry's identifier
/// proves that the item is still the node's. An entry that nobody has touched for a time goes back into the line.
enum ClusterScripts {
  /// What the scripts have in common.
  private static let common = """
    local P = '\(RedisKey.prefix)'
    local GROUP = '\(RedisKey.speakers)'
    if redis.call('EXISTS', P..'work') == 0 then
      redis.call('XGROUP', 'CREATE', P..'work', GROUP, '0', 'MKSTREAM')
    end
    local function now()
      local time = redis.call('TIME')
      return time[1] * 1000 + math.floor(time[2] / 1000)
    end
    -- A Redis without memory refuses what needs some, unless its script has written before. So that what has begun
    -- can end, such scripts first write something that needs none.
    local function even_when_full(key)
      redis.call('PERSIST', key)
    end
    local function waiting(priority)
      if priority == 'emergency' then return redis.call('ZCARD', P..'line:emergency') end
      return redis.call('ZCARD', P..'line:interactive') + redis.call('ZCARD', P..'line:batch')
    end
    local function forget(id)
      local place = redis.call('HGET', P..'item:'..id, 'place')
      if place and place ~= '' and redis.call('GET', P..'making:'..place) == id then
        redis.call('DEL', P..'making:'..place)
      end
      redis.call('DEL', P..'item:'..id)
    end
    local function say(id, kind, value)
      redis.call('XADD', P..'speech:'..id, '*', 'kind', kind, 'value', value)
      redis.call('EXPIRE', P..'speech:'..id, 600)
    end
    -- What was asked for and never spoken counts for nothing in its caller's turns.
    local function uncount(id)
      local item = redis.call('HMGET', P..'item:'..id, 'priority', 'caller', 'cost')
      if redis.call('ZSCORE', P..'next:'..item[1], item[2]) then
        redis.call('ZINCRBY', P..'next:'..item[1], -tonumber(item[3]), item[2])
      end
    end
    local function leave_line(id)
      local item = redis.call('HMGET', P..'item:'..id, 'priority', 'member')
      if not item[1] or redis.call('ZREM', P..'line:'..item[1], item[2]) == 0 then return false end
      uncount(id)
      return true
    end
    local function line_up(id, priority, start, member)
      redis.call('ZADD', P..'line:'..priority, start, member)
      redis.call('HDEL', P..'item:'..id, 'entry')
      redis.call('RPUSH', P..'wake:'..priority, 1)
      redis.call('LTRIM', P..'wake:'..priority, -1000, -1)
    end
    local function drop_entry(entry)
      redis.call('XACK', P..'work', GROUP, entry)
      redis.call('XDEL', P..'work', entry)
    end
    local function enter(id, priority, caller, cost, payload, place, info, deadline)
      local clock = tonumber(redis.call('HGET', P..'clock', priority) or '0')
      local start = math.max(clock, tonumber(redis.call('ZSCORE', P..'next:'..priority, caller) or '0'))
      redis.call('ZADD', P..'next:'..priority, start + tonumber(cost), caller)
      local member = string.format('%016d:%s', redis.call('HINCRBY', P..'clock', 'sequence', 1), id)
      redis.call('HSET', P..'item:'..id, 'priority', priority, 'caller', caller, 'cost', cost, 'payload', payload,
        'place', place, 'info', info, 'deadline', deadline, 'member', member, 'listeners', 1, 'tries', 0)
      if place ~= '' then redis.call('SET', P..'making:'..place, id, 'EX', 3600) end
      line_up(id, priority, start, member)
    end

    """

  /// A script that begins with what they have in common.
  static func script(_ body: String) -> RedisScript { RedisScript(common + body) }

  /// The same for what must not happen late. Its last argument is a limit.
  static func timedScript(_ body: String) -> RedisScript { RedisScript(timed: common + body) }

  /// `id, priority, caller, cost, payload, place, info, deadline, capacity` → `ok`, or `shared, id, info`, or `full`.
  static let submit = timedScript(
    """
    local id, priority, caller, cost, payload, place, info, deadline, capacity = unpack(ARGV)
    if redis.call('EXISTS', P..'item:'..id) == 1 then return {'ok'} end
    local other = place ~= '' and redis.call('GET', P..'making:'..place)
    if other and redis.call('EXISTS', P..'item:'..other) == 1 then
      if not redis.call('HGET', P..'item:'..other, 'cancelled') then
        redis.call('HINCRBY', P..'item:'..other, 'listeners', 1)
        return {'shared', other, redis.call('HGET', P..'item:'..other, 'info')}
      end
    end
    if waiting(priority) >= tonumber(capacity) then return {'full'} end
    enter(id, priority, caller, cost, payload, place, info, deadline)
    return {'ok'}
    """)

  /// `node, priority…` → `id, entry, priority, payload` of the one whose turn it is, or nothing.
  static let take = timedScript(
    """
    local node = ARGV[1]
    for index = 2, #ARGV - 1 do
      local priority = ARGV[index]
      while true do
        local first = redis.call('ZPOPMIN', P..'line:'..priority)
        if #first == 0 then
          redis.call('DEL', P..'wake:'..priority)
          break
        end
        local id = string.sub(first[1], 18)
        local item = redis.call('HMGET', P..'item:'..id, 'payload', 'deadline', 'cancelled')
        if item[1] and item[3] then
          forget(id)
        elseif item[1] and item[2] ~= '' and tonumber(item[2]) < now() then
          uncount(id)
          say(id, 'failed', 'deadline_passed')
          forget(id)
        elseif item[1] then
          local clock = math.max(tonumber(redis.call('HGET', P..'clock', priority) or '0'), tonumber(first[2]))
          redis.call('HSET', P..'clock', priority, clock)
          redis.call('ZREMRANGEBYSCORE', P..'next:'..priority, '-inf', clock)
          redis.call('XADD', P..'work', '*', 'item', id)
          local read = redis.call('XREADGROUP', 'GROUP', GROUP, node, 'COUNT', 1, 'STREAMS', P..'work', '>')
          local entry = read[1][2][1][1]
          redis.call('HSET', P..'item:'..id, 'entry', entry, 'node', node)
          redis.call('HINCRBY', P..'item:'..id, 'tries', 1)
          return {id, entry, priority, item[1]}
        end
      end
    end
    return {}
    """)

  /// `node, id, entry` → 1 when the item is still the node's and still wanted.
  static let touch = script(
    """
    local item = redis.call('HMGET', P..'item:'..ARGV[2], 'entry', 'cancelled')
    if item[1] ~= ARGV[3] or item[2] then return 0 end
    redis.call('XCLAIM', P..'work', GROUP, ARGV[1], 0, ARGV[3], 'JUSTID')
    return 1
    """)

  /// `id, entry, kind, value` → 1 when the item is still the entry's and still wanted.
  static let publish = script(
    """
    local item = redis.call('HMGET', P..'item:'..ARGV[1], 'entry', 'cancelled')
    if item[1] ~= ARGV[2] or item[2] then return 0 end
    even_when_full(P..'speech:'..ARGV[1])
    say(ARGV[1], ARGV[3], ARGV[4])
    return 1
    """)

  /// `id, entry, kind, value`: the last that is said of an item → 1 when it was still the entry's.
  static let finish = script(
    """
    if redis.call('HGET', P..'item:'..ARGV[1], 'entry') ~= ARGV[2] then return 0 end
    drop_entry(ARGV[2])
    say(ARGV[1], ARGV[3], ARGV[4])
    forget(ARGV[1])
    return 1
    """)

  /// `id, entry`: a node that stops lets another go on; it is no try.
  static let giveBack = script(
    """
    local item = redis.call('HMGET', P..'item:'..ARGV[1], 'entry', 'priority', 'member')
    if item[1] ~= ARGV[2] then return 0 end
    drop_entry(ARGV[2])
    redis.call('HINCRBY', P..'item:'..ARGV[1], 'tries', -1)
    line_up(ARGV[1], item[2], 0, item[3])
    return 1
    """)

  /// `id`: a listener has gone → 1 when it was the last, and the item still waited.
  static let withdraw = script(
    """
    if redis.call('EXISTS', P..'item:'..ARGV[1]) == 0 then return 0 end
    even_when_full(P..'item:'..ARGV[1])
    if redis.call('HINCRBY', P..'item:'..ARGV[1], 'listeners', -1) > 0 then return 0 end
    if leave_line(ARGV[1]) then
      forget(ARGV[1])
      return 1
    end
    redis.call('HSET', P..'item:'..ARGV[1], 'cancelled', 1)
    return 0
    """)

  /// `id` → 1 when the item still waited, and now does not: its deadline has passed.
  static let expire = script(
    """
    if not leave_line(ARGV[1]) then return 0 end
    say(ARGV[1], 'failed', 'deadline_passed')
    forget(ARGV[1])
    return 1
    """)

  /// `node, lease, most tries, cursor`: puts what dead nodes had back into the line, or aside when it has been
  /// tried too often → `cursor, [id, …] put back, [id, …] put aside`.
  static let reclaim = timedScript(
    """
    local claimed = redis.call('XAUTOCLAIM', P..'work', GROUP, ARGV[1], ARGV[2], ARGV[4], 'COUNT', 20)
    local again, dead = {}, {}
    for _, entry in ipairs(claimed[2]) do
      if entry and entry[2] then
        local id = entry[2][2]
        local item = redis.call('HMGET', P..'item:'..id, 'entry', 'tries', 'priority', 'member', 'payload')
        drop_entry(entry[1])
        if item[1] == entry[1] then
          if tonumber(item[2]) >= tonumber(ARGV[3]) then
            redis.call('XADD', P..'dead', 'MAXLEN', '~', 10000, '*', 'item', id, 'tries', item[2],
              'node', redis.call('HGET', P..'item:'..id, 'node'), 'payload', item[5])
            say(id, 'failed', 'dead_letter')
            forget(id)
            table.insert(dead, id)
          else
            line_up(id, item[3], 0, item[4])
            table.insert(again, id)
          end
        end
      end
    end
    return {claimed[1], again, dead}
    """)

  /// → the number that waits by priority, then the number at work.
  static let status = script(
    """
    return {redis.call('ZCARD', P..'line:emergency'), redis.call('ZCARD', P..'line:interactive'),
      redis.call('ZCARD', P..'line:batch'), redis.call('XLEN', P..'work')}
    """)

  /// `id` → how many go before it, and their cost; nothing when it does not wait.
  static let place = script(
    """
    local item = redis.call('HMGET', P..'item:'..ARGV[1], 'priority', 'member')
    if not item[1] then return {} end
    local rank = redis.call('ZRANK', P..'line:'..item[1], item[2])
    if not rank then return {} end
    local count, cost = rank, 0
    if rank > 0 then
      -- Of a long line the first hundred stand for all.
      local ahead = redis.call('ZRANGE', P..'line:'..item[1], 0, math.min(rank, 100) - 1)
      for _, member in ipairs(ahead) do
        cost = cost + tonumber(redis.call('HGET', P..'item:'..string.sub(member, 18), 'cost') or '0')
      end
      cost = math.floor(cost * rank / #ahead)
    end
    for _, priority in ipairs({'emergency', 'interactive', 'batch'}) do
      if priority == item[1] then break end
      count = count + redis.call('ZCARD', P..'line:'..priority)
    end
    return {count + redis.call('XLEN', P..'work'), cost}
    """)
}
