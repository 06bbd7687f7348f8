import Redis

/// What happens to the jobs that many nodes share, step by step, as ``ClusterScripts`` has it for the line.
///
/// A job is a hash `job:ID`, and an item of the line while it is to be spoken. Where it stands is in sorted sets.
/// How far it is has a field of its own: its record has the text, which is not to be written with every sentence.
enum JobScripts {
  /// `id, key, caller, created, record, priority, cost, capacity`: a new job → its identifier, or that of an earlier one
  /// of the same key; `full`.
  static let addJob = ClusterScripts.timedScript(
    """
    local id, key, caller, created, record, priority, cost, capacity = unpack(ARGV)
    local earlier = key ~= '' and redis.call('GET', P..'idempotency:'..key)
    if not earlier and redis.call('EXISTS', P..'job:'..id) == 1 then earlier = id end
    if earlier and redis.call('EXISTS', P..'job:'..earlier) == 1 then return {earlier} end
    if waiting(priority) >= tonumber(capacity) then return {'full'} end
    if key ~= '' then redis.call('SET', P..'idempotency:'..key, id) end
    redis.call('HSET', P..'job:'..id, 'record', record, 'version', 1, 'status', 'queued', 'caller', caller,
      'priority', priority, 'cost', cost)
    redis.call('ZADD', P..'jobs', created, id)
    redis.call('ZADD', P..'jobs:queued', created, id)
    redis.call('ZADD', P..'jobs:of:'..caller, created, id)
    enter(id, priority, caller, cost, 'job', '', '', '')
    return {id}
    """)

  /// `id, version, record, progress, status, updated, webhook due, entry`: writes a changed job, if nobody has since;
  /// with an entry only if the item is still the entry's → the new version, or -1 when somebody has, or -2 when it
  /// is not.
  ///
  /// A job that has ended leaves the line and the stream; one that waits again enters the line.
  static let changeJob = ClusterScripts.script(
    """
    local id, version, record, progress, status, updated, due, entry = unpack(ARGV)
    local job = redis.call('HMGET', P..'job:'..id, 'version', 'status', 'caller', 'priority', 'cost')
    if job[1] ~= version then return -1 end
    local item = redis.call('HMGET', P..'item:'..id, 'entry', 'priority', 'member')
    if entry ~= '' and item[1] ~= entry then return -2 end
    even_when_full(P..'job:'..id)
    if job[2] ~= status then
      local created = redis.call('ZSCORE', P..'jobs', id)
      redis.call('ZREM', P..'jobs:'..job[2], id)
      redis.call('ZADD', P..'jobs:'..status, created, id)
    end
    local ended = status == 'done' or status == 'failed' or status == 'cancelled'
    if ended then
      redis.call('ZADD', P..'ended', updated, id)
      if item[3] then
        leave_line(id)
        if item[1] then drop_entry(item[1]) end
        forget(id)
      end
    else
      redis.call('ZREM', P..'ended', id)
      if status == 'queued' and not item[3] then enter(id, job[4], job[3], job[5], 'job', '', '', '') end
    end
    if due ~= '' then redis.call('ZADD', P..'webhooks', due, id) else redis.call('ZREM', P..'webhooks', id) end
    redis.call('HSET', P..'job:'..id, 'record', record, 'progress', progress, 'status', status)
    return redis.call('HINCRBY', P..'job:'..id, 'version', 1)
    """)

  /// `id, entry, progress`: writes how far a job is → the new version, or -2 when the item is not the entry's.
  static let keepProgress = ClusterScripts.script(
    """
    local id, entry, progress = unpack(ARGV)
    if redis.call('HGET', P..'item:'..id, 'entry') ~= entry then return -2 end
    even_when_full(P..'job:'..id)
    redis.call('HSET', P..'job:'..id, 'progress', progress)
    return redis.call('HINCRBY', P..'job:'..id, 'version', 1)
    """)

  /// `id, key`: forgets a job, unless it is to be spoken.
  static let removeJob = ClusterScripts.script(
    """
    local id, key = unpack(ARGV)
    local job = redis.call('HMGET', P..'job:'..id, 'status', 'caller')
    if not job[1] or redis.call('EXISTS', P..'item:'..id) == 1 then return 0 end
    for _, set in ipairs({'jobs', 'jobs:'..job[1], 'jobs:of:'..job[2], 'ended', 'webhooks'}) do
      redis.call('ZREM', P..set, id)
    end
    if key ~= '' and redis.call('GET', P..'idempotency:'..key) == id then
      redis.call('DEL', P..'idempotency:'..key)
    end
    redis.call('DEL', P..'job:'..id)
    return 1
    """)

  /// `now, pause` → the jobs whose webhooks are due. Each is given to one node; the others see it again after a pause.
  static let claimWebhooks = ClusterScripts.script(
    """
    local due = redis.call('ZRANGEBYSCORE', P..'webhooks', '-inf', ARGV[1], 'LIMIT', 0, 20)
    for _, id in ipairs(due) do redis.call('ZADD', P..'webhooks', tonumber(ARGV[1]) + tonumber(ARGV[2]), id) end
    return due
    """)
}
