import Chatterbox
import Foundation
import NIOCore
import NIOPosix
import Redis
import Synchronization
import Testing

@testable import Service

/// A real Redis for one test, which ends with it.
final class RedisServer: Sendable {
  /// The program, where there is one.
  static let program = [
    "/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server",
  ]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

  let folder: TemporaryFolder
  let port: Int
  private let password: String?
  /// Zero once it has ended.
  private let process: Mutex<pid_t>

  init(password: String? = nil) async throws {
    folder = try TemporaryFolder()
    self.password = password
    port = try Self.freePort()
    process = Mutex(try Self.start(port, folder, password))
    try await eventually { (try? await self.client.send(RedisCommand("PING"))) != nil }
  }

  /// The same Redis once it has been stopped, with what it kept.
  private init(after other: RedisServer) throws {
    (folder, port, password) = (other.folder, other.port, other.password)
    process = Mutex(try Self.start(port, folder, password))
  }

  deinit { stop() }

  func stop() {
    process.withLock { process in
      guard process != 0 else { return }
      // It inherits its thread's mask, which lets no other signal through.
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      process = 0
    }
  }

  /// Stops it from doing anything; it still takes connections and what is sent to it.
  func hang() { process.withLock { _ = kill($0, SIGSTOP) } }

  func goOn() { process.withLock { _ = kill($0, SIGCONT) } }

  func restarted() throws -> RedisServer {
    stop()
    return try RedisServer(after: self)
  }

  var url: String { "redis://\(password.map { ":\($0)@" } ?? "")127.0.0.1:\(port)" }

  var client: RedisClient {
    get throws { RedisClient(try #require(RedisAddress(url)), timeout: .seconds(1)) }
  }

  // Foundation's own processes need a run loop to hear of their end, which a test's thread has not.
  private static func start(_ port: Int, _ folder: TemporaryFolder, _ password: String?) throws -> pid_t {
    let program = try #require(program)
    let words =
      [program, "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.url.path, "--appendonly", "yes"]
      + ["--save", "", "--logfile", folder.url.appending(path: "log").path]
      + (password.map { ["--requirepass", $0] } ?? [])
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    try #require(posix_spawn(&process, program, nil, nil, arguments, environ) == 0)
    return process
  }

  private static func freePort() throws -> Int {
    let channel = try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0).wait()
    defer { try? channel.close().wait() }
    return try #require(channel.localAddress?.port)
  }
}
