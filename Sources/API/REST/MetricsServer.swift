import Foundation
import Hummingbird
import Logging
import NIOCore
import Service
import ServiceLifecycle

/// `GET /metrics` on a port of its own, which can be kept from those who may speak.
struct MetricsServer: ServiceLifecycle.Service {
  let node: SpeechNode
  let host: String
  let logger: Logger

  /// - Throws: ``ServerError`` when the address cannot be listened on.
  func run() async throws {
    do {
      try await application().run()
    } catch let error as IOError {
      throw ServerError.metrics(ServerError(error, host: host, port: port))
    }
  }

  private var port: Int { node.configuration.monitoring.prometheusPort }

  /// The server, to run or to test.
  func application() -> some ApplicationProtocol {
    let node = node
    let router = Router()
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: await node.exposition())))
    }
    var quiet = logger
    quiet.logLevel = .error
    return Application(
      router: router, server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: .init(address: .hostname(host, port: port)), logger: quiet)
  }
}
