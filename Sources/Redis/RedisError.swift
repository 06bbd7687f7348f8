/// Why a command came to nothing. None carries an address, a password or a value.
package enum RedisError: Error, Hashable, Sendable {
  /// Redis does not answer: the connection cannot be made, broke, or the time was up.
  case away
  /// It answers, and lets us not in: a password is missing, wrong, or its user may not do this.
  case refused
  /// It has no memory left, or cannot write its disk.
  case full
  /// It does not know what was asked of it; the kind is the first word of its answer, such as `ERR`.
  case failed(kind: String)

  /// What Redis's own words mean.
  init(answer: String) {
    let kind = String(answer.prefix { $0 != " " }.prefix(32))
    self =
      switch kind {
      // It is up, but not yet, or no longer, the one that takes writes.
      case "LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY": .away
      case "NOAUTH", "WRONGPASS", "NOPERM": .refused
      case "OOM", "MISCONF": .full
      default: .failed(kind: kind)
      }
  }
}
