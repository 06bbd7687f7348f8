import Foundation
import Logging
import Synchronization
import Testing

@testable import Service

@Suite("The log in JSON")
struct JSONLogHandlerTests {
  private final class Lines: Sendable {
    private let data = Mutex(Data())
    func add(_ line: Data) { data.withLock { $0 += line } }
    var all: [Data] { data.withLock(\.self).split(separator: 0x0A).map { Data($0) } }
  }

  private let lines = Lines()
  private var logger: Logger {
    Logger(label: "test") { [lines] label in JSONLogHandler(label: label) { lines.add($0) } }
  }

  private func fields(_ line: Data) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: line)
  }

  @Test("is an object a line, with its time and level")
  func line() throws {
    logger.warning("careful", metadata: ["count": "3"])
    let fields = try fields(try #require(lines.all.first))
    #expect(fields["message"] == "careful" && fields["level"] == "warning" && fields["count"] == "3")
    #expect(fields["logger"] == "test")
    #expect(
      try Date(try #require(fields["time"]), strategy: .iso8601.time(includingFractionalSeconds: true)) < .now
    )
  }

  @Test("cannot be made to say something else by what a client sends")
  func injection() throws {
    let hostile = "x\n{\"level\":\"info\"}\r\u{1b}[31m\"\\\u{0}\u{2028}"
    logger.info("request", metadata: ["path": "\(hostile)", "level": "fake", "message": "fake"])
    #expect(lines.all.count == 1)
    let fields = try fields(try #require(lines.all.first))
    #expect(fields["path"] == hostile)
    #expect(fields["level"] == "info" && fields["message"] == "request")
  }
}
