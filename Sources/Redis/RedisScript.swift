import Crypto

/// A Lua script that Redis runs as one step.
package struct RedisScript: Sendable {
  package let source: String
  /// By which Redis knows it once it has seen it.
  package let digest: String

  package init(_ source: String) {
    self.source = source
    digest = Insecure.SHA1.hash(data: Array(source.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// A script that ``RedisClient/begin(_:within:arguments:)`` runs: it does nothing, and answers `late`, once its last
  /// argument has passed, in milliseconds of Redis' own clock.
  package init(timed source: String) {
    self.init(
      """
      do
        local time = redis.call('TIME')
        if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[#ARGV]) then return {'late'} end
      end

      """ + source)
  }
}
