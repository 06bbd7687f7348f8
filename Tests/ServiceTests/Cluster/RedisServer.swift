import Chatterbox
import Foundation
import NIOCore
import NIOPosix
import Redis
import Testing

@testable import Service

/// A real Redis for one test, which ends with it.
final class RedisServer: Sendable {
  /// The program, where there is one.
  static let program = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  let folder: TemporaryFolder
  let port: Int
  private let password: String?
  private let process: Process

  init(password: String? = nil) async throws {
    folder = try TemporaryFolder()
    self.password = password
    port = try Self.freePort()
    process = try Self.start(port, folder, password)
    try await eventually { (try? await self.client.send(RedisCommand("PING"))) != nil }
  }

  /// The same Redis once it has been stopped, with what it kept.
  private init(after other: RedisServer) throws {
    (folder, port, password) = (other.folder, other.port, other.password)
    process = try Self.start(port, folder, password)
  }

  deinit { stop() }

  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  func restarted() throws -> RedisServer {
    stop()
    return try RedisServer(after: self)
  }

  var url: String { "redis://\(password.map { ":\($0)@" } ?? "")127.0.0.1:\(port)" }

  var client: RedisClient {
    get throws { RedisClient(try #require(RedisAddress(url)), timeout: .seconds(1)) }
  }

  private static func start(_ port: Int, _ folder: TemporaryFolder, _ password: String?) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: try #require(program))
    process.arguments =
      ["--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.url.path, "--appendonly", "yes", "--save", ""]
      + (password.map { ["--requirepass", $0] } ?? [])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func freePort() throws -> Int {
    let channel = try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0).wait()
    defer { try? channel.close().wait() }
    return try #require(channel.localAddress?.port)
  }
}
