import AsyncHTTPClient
import Audio
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import Service

/// A bucket on this machine that misbehaves as told. It does not check signatures.
final class TestBucket: Sendable {
  enum Fault: Sendable {
    case status(UInt, code: String = "InternalError")
    case hang
    /// The head and so many bytes of the body come, then nothing more.
    case stall(after: Int)
    /// The connection closes after so many bytes of the body.
    case cut(after: Int)
    /// An answer that looks good, with this body.
    case body(String)
    /// The work is done, and the answer lost.
    case lostAnswer
  }

  struct Object: Sendable {
    var bytes: [UInt8]
    var headers: [(String, String)]
    var modified = Date.now
  }

  struct Upload: Sendable {
    let key: String
    let headers: [(String, String)]
    var parts: [Int: [UInt8]] = [:]
    var begun = Date.now
  }

  struct Request: Sendable {
    let operation: String
    let uri: String
    let headers: HTTPHeaders
    let body: [UInt8]
  }

  struct State: Sendable {
    var objects: [String: Object] = [:]
    var uploads: [String: Upload] = [:]
    var faults: [String: [Fault]] = [:]
    var requests: [Request] = []
    var pageSize = 1000
    var bucket = "speech"
  }

  let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)

  var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }

  static func run(_ test: (TestBucket) async throws -> Void) async throws {
    let bucket = TestBucket()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(BucketHandler(bucket))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    bucket.channel.withLock { $0 = channel }
    do { try await test(bucket) } catch {
      try? await channel.close()
      throw error
    }
    try? await channel.close()
  }

  func fail(_ operation: String, _ faults: Fault...) { state.withLock { $0.faults[operation] = faults } }

  func change(_ change: @Sendable (inout State) -> Void) { state.withLock { change(&$0) } }

  var operations: [String] { state.withLock { $0.requests.map(\.operation) } }

  func count(_ operation: String) -> Int { operations.count { $0 == operation } }

  func requests(_ operation: String) -> [Request] {
    state.withLock { $0.requests.filter { $0.operation == operation } }
  }

  var keys: [String] { state.withLock { $0.objects.keys.sorted() } }

  func location(prefix: String = "") throws -> S3Location {
    let endpoint = URL(string: "http://127.0.0.1:\(port)")
    return S3Location(
      endpoint: try #require(endpoint), region: "us-east-1", bucket: "speech", accessKeyID: "id",
      secretAccessKey: "secret", prefix: prefix)
  }

  /// Runs a test with a client that loses no time.
  func client(
    prefix: String = "", _ change: (inout S3Client.Settings) -> Void = { _ in },
    _ test: (S3Client) async throws -> Void
  ) async throws {
    var settings = S3Client.Settings()
    (settings.pause, settings.longestPause) = (.milliseconds(1), .milliseconds(2))
    change(&settings)
    let http = S3Client.makeHTTP(settings)
    do { try await test(S3Client(location(prefix: prefix), over: http, settings: settings)) } catch {
      try? await http.shutdown()
      throw error
    }
    try await http.shutdown()
  }
}

final class BucketHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let bucket: TestBucket
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ bucket: TestBucket) { self.bucket = bucket }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): (self.head, body) = (head, [])
    case .body(let buffer): body += buffer.readableBytesView
    case .end:
      guard let head else { return }
      let (fault, answer) = bucket.answer(head, body)
      send(answer, fault, to: head, context)
    }
  }

  private func send(
    _ answer: TestBucket.Answer, _ fault: TestBucket.Fault?, to request: HTTPRequestHead,
    _ context: ChannelHandlerContext
  ) {
    var (limit, isWhole) = (Int.max, true)
    switch fault {
    case .hang: return
    case .lostAnswer: return context.close(promise: nil)
    case .cut(let count), .stall(let count): (limit, isWhole) = (count, false)
    default: break
    }
    var headers = HTTPHeaders(answer.headers)
    headers.replaceOrAdd(name: "content-length", value: "\(answer.length ?? answer.body.count)")
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: Int(answer.status)), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      let body = ByteBuffer(bytes: answer.body.prefix(limit))
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    guard !isWhole else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
    context.flush()
    if case .cut = fault { context.close(promise: nil) }
  }
}
