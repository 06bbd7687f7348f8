import NIOCore
import NIOPosix
import Testing

/// A request whose head goes out as it is, also with what no HTTP client would send.
struct RawRequest {
  let lines: [String]

  init(_ lines: String...) { self.lines = lines }

  /// The status of the answer.
  func status(from port: Int?) async throws -> Int {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: try #require(port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let head = lines.filter { !$0.isEmpty }.map { $0 + "\r\n" }.joined() + "\r\n"
    let answer = try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: head))
      var answer = ""
      for try await part in inbound {
        answer += String(buffer: part)
        if answer.contains("\r\n") { break }
      }
      return answer
    }
    let words = answer.split(separator: " ", maxSplits: 2)
    return try #require(words.count == 3 ? Int(words[1]) : nil, "\(answer.prefix(100))")
  }
}
