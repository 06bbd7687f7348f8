import Audio
import Chatterbox
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A hub on this machine: it speaks the URL scheme on one port, sends large files from another, and misbehaves
/// as told.
final class TestHub: Sendable {
  /// A repository's only commit.
  struct Repository: Sendable {
    var commit: String
    var files: [String: [UInt8]]
  }

  /// What goes wrong with one request of a file.
  enum Fault: Sendable {
    /// The connection closes after so many bytes of the body.
    case cut(after: Int)
    /// After so many bytes nothing more comes.
    case stall(after: Int)
    /// One byte is another.
    case corrupt(at: Int)
    case status(UInt, [(String, String)] = [])
    case ignoreRange
    /// The body has more bytes than the file, in chunks.
    case tooLong
    /// A 206 that begins elsewhere.
    case wrongRange
    /// Other bytes under another entity tag, cut.
    case older(cut: Int)
    /// A header of the hub's answer is another.
    case header(String, String)
    case redirect(String)
  }

  struct Request: Sendable {
    let isContent: Bool
    let method: String
    let uri: String
    let headers: [String: String]
  }

  struct State: Sendable {
    var repositories: [String: Repository] = [:]
    var faults: [String: [Fault]] = [:]
    var requests: [Request] = []
    /// Answers the list of files; `nil` is the truth.
    var list: (@Sendable (String) -> [UInt8])?
    var listFaults: [Fault] = []
    var listsBlobs = true
    /// Files of at least this size come from the content server.
    var largeSize = 1000
  }

  let state = Mutex(State())
  let port: Int
  let contentPort: Int
  private let channels: [any Channel]

  private init(_ hub: any Channel, _ content: any Channel, _ ports: Ports) {
    channels = [hub, content]
    (port, contentPort) = ports.numbers
    ports.hub.withLock { $0 = Weak(self) }
  }

  /// Runs a hub during a test.
  static func run<Result>(
    _ repositories: [String: [String: [UInt8]]], _ test: (TestHub) async throws -> Result
  ) async throws -> Result {
    let ports = Ports()
    let hub = try await bind(ports, isContent: false)
    let content = try await bind(ports, isContent: true)
    ports.set(hub.localAddress?.port ?? 0, content.localAddress?.port ?? 0)
    let server = TestHub(hub, content, ports)
    for (name, files) in repositories { server.publish(name, files) }
    do {
      let result = try await test(server)
      await server.close()
      return result
    } catch {
      await server.close()
      throw error
    }
  }

  /// Puts files into a repository, as a commit of its own.
  func publish(_ name: String, _ files: [String: [UInt8]]) {
    let content = files.sorted { $0.key < $1.key }.flatMap { Array($0.key.utf8) + $0.value }
    let commit = Insecure.SHA1.hash(data: content + Array(name.utf8)).hexadecimal
    state.withLock { $0.repositories[name] = Repository(commit: commit, files: files) }
  }

  /// What goes wrong with the next requests of a file.
  func fail(_ file: String, _ faults: Fault...) { state.withLock { $0.faults[file] = faults } }

  func change(_ change: @Sendable (inout State) -> Void) { state.withLock { change(&$0) } }

  /// The requests for a file's bytes that the content server saw, or the hub for a small file.
  func requests(of file: String) -> [Request] {
    state.withLock { $0.requests.filter { $0.uri.hasSuffix("/\(file)") && $0.method == "GET" } }
  }

  /// How to reach it: attempts follow at once, and a single byte counts as progress.
  func configuration(token: String? = nil, attempts: Int = 4) throws -> HubConfiguration {
    var environment = ["HF_ENDPOINT": "http://127.0.0.1:\(port)/"]
    environment["HF_TOKEN"] = token
    var configuration = try HubConfiguration(environment: environment)
    configuration.retries.attempts = attempts
    configuration.retries.progress = 1
    configuration.retries.pause = { _ in .zero }
    configuration.retries.longestPause = .milliseconds(1)
    return configuration
  }

  private func close() async {
    for channel in channels { try? await channel.close() }
  }

  private static func bind(_ ports: Ports, isContent: Bool) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(HubHandler(ports: ports, isContent: isContent))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }
}

/// Finds the hub from its connections, which are set up before it is.
final class Ports: Sendable {
  let hub = Mutex(Weak(nil))
  private let bound = Mutex((0, 0))

  var numbers: (Int, Int) { bound.withLock { $0 } }

  func set(_ hub: Int, _ content: Int) { bound.withLock { $0 = (hub, content) } }
}

/// A reference that does not keep the hub alive.
struct Weak: Sendable {
  weak let hub: TestHub?

  init(_ hub: TestHub?) { self.hub = hub }
}
