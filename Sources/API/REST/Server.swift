package import Chatterbox
package import Foundation
package import Hummingbird
package import Logging
import NIOCore

/// The REST service over one engine, as docs/rest-api.md describes it.
///
/// It knows nothing about speech: it reads JSON, asks the engine, and answers with audio or with an error.
package struct Server: Sendable {
  /// The version that `GET /api/v1/health` reports.
  package static let version = "0.1.0"

  private let engine: ChatterboxEngine
  private let host: String
  private let port: Int
  private let maxBodyBytes: Int
  private let logger: Logger
  private let generations: GenerationLimit
  private let temporaryDirectory: URL
  private let started = ContinuousClock.now

  /// Sets up a server; ``run()`` starts it.
  ///
  /// - Parameters:
  ///   - engine: what speaks.
  ///   - host: the address to listen on, such as `127.0.0.1`.
  ///   - port: 0–65535; 0 takes any that is free.
  ///   - maxBodyBytes: the longest request body that is read.
  ///   - logger: takes one line a request; never the text of one.
  ///   - maxGenerations: how many requests may be spoken at a time; more are refused as busy.
  ///   - temporaryDirectory: where audio is kept until it is whole.
  package init(
    engine: ChatterboxEngine, host: String, port: Int, maxBodyBytes: Int, logger: Logger,
    maxGenerations: Int = 64, temporaryDirectory: URL = FileManager.default.temporaryDirectory
  ) {
    self.engine = engine
    self.host = host
    self.port = port
    self.maxBodyBytes = maxBodyBytes
    self.logger = logger
    generations = GenerationLimit(maxGenerations)
    self.temporaryDirectory = temporaryDirectory
  }

  /// Serves until SIGINT or SIGTERM, then lets the requests in flight end.
  ///
  /// - Throws: ``ServerError`` when the address cannot be listened on.
  package func run() async throws {
    guard (0...65_535).contains(port) else { throw ServerError.invalidPort(port) }
    do {
      try await application().runService()
    } catch let error as IOError {
      throw ServerError(error, host: host, port: port)
    }
  }

  /// The whole service, to run or to test.
  package func application() -> some ApplicationProtocol {
    Application(
      router: router(),
      // A connection on which no request comes, or one that does not end, is not kept for ever.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: .init(address: .hostname(host, port: port)), logger: logger)
  }

  private func router() -> Router<BasicRequestContext> {
    let generate = GenerateEndpoint(
      engine: engine, maxBodyBytes: maxBodyBytes, generations: generations,
      temporaryDirectory: temporaryDirectory)
    let inventory = Inventory(engine: engine)
    let routes: [Route] = [
      Route(.post, "/api/v1/tts/generate") { try await generate.respond(to: $0) },
      Route(.get, "/api/v1/models") { _ in try Response(json: ["models": inventory.models]) },
      Route(.get, "/api/v1/presets") { _ in try Response(json: ["presets": inventory.presets]) },
      Route(.get, "/api/v1/languages") { _ in try Response(json: ["languages": inventory.languages]) },
      Route(.get, "/api/v1/health") { [started] _ in
        try Health(of: inventory.models, uptime: started.duration(to: .now)).response()
      },
    ]
    let router = Router(options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestLogMiddleware())
    router.add(middleware: ErrorMiddleware(routes: RouteTable(routes)))
    for route in routes {
      router.on(RouterPath(route.path), method: route.method) { request, _ in
        try await route.respond(request)
      }
    }
    return router
  }
}
