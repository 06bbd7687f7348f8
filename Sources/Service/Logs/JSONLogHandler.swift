package import Foundation
package import Logging

/// Writes one JSON object a line, for programs that collect logs.
///
/// JSON's own escapes keep a value on its line: what a client sends cannot look like a line of its own.
package struct JSONLogHandler: LogHandler {
  package var logLevel = Logger.Level.info
  package var metadata = Logger.Metadata()
  private let label: String
  private let write: @Sendable (Data) -> Void

  /// - Parameter write: takes a whole line, its end included.
  package init(
    label: String, write: @escaping @Sendable (Data) -> Void = { FileHandle.standardError.write($0) }
  ) {
    self.label = label
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { _, own in own }.mapValues { "\($0)" }
    // Our own names win over those that metadata may have.
    fields["time"] = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    fields["level"] = "\(event.level)"
    fields["logger"] = label
    fields["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(fields) else { return }
    write(line + [0x0A])
  }
}
