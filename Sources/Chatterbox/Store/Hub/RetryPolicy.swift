import Foundation

/// How often and how patiently a failed request is sent again.
package struct RetryPolicy: Sendable {
  /// Attempts in a row that may bring nothing new.
  package var attempts = 6
  /// Bytes that count as something new.
  package var progress = 1 << 18
  /// The pause before an attempt, after so many failures in a row: 1, 2, 4 … 30 seconds.
  package var pause: @Sendable (Int) -> Duration = { .seconds(min(30, 1 << min($0 - 1, 5))) }
  /// The longest pause that a server may ask for.
  package var longestPause = Duration.seconds(120)

  /// The default policy.
  package init() {}

  /// The pause before the next attempt, at least what the server asked for.
  func pause(after failures: Int, asked: Duration?) -> Duration {
    max(pause(failures), min(asked ?? .zero, longestPause))
  }
}

/// A failure that may pass: a cut connection, a busy server.
struct PassingFailure: Error {
  /// A few words for a person.
  let reason: String
  /// The pause that the server asked for.
  var pause: Duration?
}
