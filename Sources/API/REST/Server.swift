import Chatterbox
import Foundation
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
package import Service
import ServiceLifecycle
import UnixSignals

/// The REST service over one engine, as docs/rest-api.md describes it.
///
/// It knows nothing about speech: it reads JSON, asks the engine, and answers with audio or with an error.
package struct Server: Sendable {
  /// The version that `GET /api/v1/health` reports.
  package static let version = SpeechNode.version

  private let node: SpeechNode
  private let host: String
  private let port: Int
  private let logger: Logger
  private let started = ContinuousClock.now

  /// Sets up a server; ``run()`` starts it.
  ///
  /// - Parameters:
  ///   - node: what answers.
  ///   - host: the address to listen on, such as `127.0.0.1`.
  ///   - port: 0–65535; 0 takes any that is free.
  ///   - logger: takes one line a request; never the text of one.
  package init(node: SpeechNode, host: String, port: Int, logger: Logger) {
    self.node = node
    self.host = host
    self.port = port
    self.logger = logger
  }

  /// Serves until SIGINT or SIGTERM, then lets what is under way end.
  ///
  /// - Throws: ``ServerError`` when an address cannot be listened on.
  package func run() async throws {
    guard (0...65_535).contains(port) else { throw ServerError.invalidPort(port) }
    // Read before anything begins, so that a mistake in them is the first thing that is said.
    _ = try TLSFiles(node.configuration.security)?.configuration
    warnIfOpen()
    // Stopped in the reverse order, one after the other.
    var services: [any ServiceLifecycle.Service] = []
    if node.configuration.monitoring.enabled {
      services.append(MetricsServer(node: node, host: host, logger: logger))
    }
    services.append(application())
    services += background.map(BackgroundService.init)
    services.append(DrainService(node: node, logger: logger))
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(node.configuration.server.drainSeconds + 10)
    let lock = try DataFolderLock(node.folders.directory)
    defer { withExtendedLifetime(lock) {} }
    node.folders.removeLeftovers()
    node.lifecycle.enter(.running)
    do {
      try await ServiceGroup(configuration: configuration).run()
      await node.close()
    } catch let error as IOError {
      await node.close()
      throw ServerError(error, host: host, port: port)
    }
  }

  private func warnIfOpen() {
    let configuration = node.configuration
    if configuration.queue.type == .redis, configuration.storage.type == .local {
      logger.warning(
        "audio of jobs is kept on the node that spoke it, where the others cannot give it out: set storage.type"
      )
    }
    let isLocal = ["localhost", "127.0.0.1", "::1"].contains(host)
    guard !isLocal else { return }
    let security = node.configuration.security
    if !security.isOn {
      logger.warning(
        "whoever reaches this address may use the server: security.api_key_enabled asks for keys",
        metadata: ["host": "\(host)"])
    } else if !isSecure {
      logger.warning(
        "keys and texts are not encrypted on their way: set security.tls_certificate, or put a proxy in front",
        metadata: ["host": "\(host)"])
    }
  }

  /// What goes on beside the requests.
  private var background: [@Sendable () async -> Void] {
    let (node, jobs) = (node, node.jobs)
    return [
      { await node.watchHealth() },
      { await node.cleanStorage() },
      { await node.unloadIdleModels() },
      { await jobs.runner?.run() },
      { await jobs.clean() },
      { await node.usage.run() },
      { await jobs.courier.run() },
      { await node.audit?.log.run() },
      { await node.workInCluster() },
      { await node.watchPresets() },
    ]
  }

  /// The whole service, to run or to test.
  package func application() -> some ApplicationProtocol {
    Application(
      router: router(),
      server: HTTPServerBuilder { [node, host] responder in
        let channel = SocketChannel(
          responder: responder,
          // A connection on which no request comes, or one that does not end, is not kept for ever.
          idleTimeout: .seconds(60), gate: AccessGate(node: node, host: host)
        ) { frames, opening, logger in await SpeechSocket(node: node).serve(frames, opening, logger) }
        guard let tls = try TLSFiles(node.configuration.security)?.configuration else { return channel }
        return try TLSChannel(channel, tlsConfiguration: tls)
      },
      // As many connections as may come at once before they are accepted: a full queue's worth and more.
      configuration: .init(address: .hostname(host, port: port), backlog: 4_096), logger: logger)
  }

  /// Whether connections are encrypted.
  private var isSecure: Bool { node.configuration.security.tlsCertificate != nil }

  private func router() -> Router<APIContext> {
    let routes = routes
    let gate = AccessGate(node: node, host: host)
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestLogMiddleware(metrics: node.metrics, isSecure: isSecure))
    if let audit = node.audit { router.add(middleware: AuditMiddleware(audit: audit)) }
    router.add(middleware: ErrorMiddleware(routes: RouteTable(routes), metrics: node.metrics))
    for route in routes {
      router.on(RouterPath(route.path), method: route.method) { request, context in
        if let scope = route.scope { try await gate.admit(request, context, for: scope) }
        return try await route.respond(request, context)
      }
    }
    return router
  }

  /// Everything that can be asked for.
  var routes: [Route] {
    let bodies = RequestBodyReader(maxBytes: node.configuration.server.maxBodyBytes)
    let generate = GenerateEndpoint(node: node, bodies: bodies)
    let batch = BatchEndpoint(node: node, bodies: bodies)
    let audio = AudioEndpoint(storage: node.storage)
    let queue = QueueEndpoint(node: node)
    let stream = StreamEndpoint(node: node, bodies: bodies)
    let inventory = Inventory(engine: node.engine)
    return [
      Route(.post, "/api/v1/tts/generate", for: .speak) { try await generate.respond(to: $0, $1) },
      Route(.post, "/api/v1/tts/stream", for: .speak) { try await stream.respond(to: $0, $1) },
      Route(.post, "/api/v1/tts/batch", for: .speak) { try await batch.respond(to: $0, $1) },
      Route(.get, "/api/v1/audio/:id", for: .speak) { try await audio.respond(to: $0, $1) },
      Route(.get, SocketHandshake.path, for: .speak) { _, _ in throw APIError.upgradeRequired },
      Route(.get, "/api/v1/queue", for: .read) { _, _ in try await queue.respond() },
      Route(.get, "/api/v1/usage", for: .read) { _, context in
        try await UsageEndpoint(node: node).respond(to: context.caller)
      },
      Route(.get, "/api/v1/languages", for: .read) { _, _ in
        try Response(json: ["languages": inventory.languages])
      },
      Route(.get, "/api/v1/health", for: nil) { [started] _, _ in
        try Health(of: inventory.models, uptime: started.duration(to: .now)).response()
      },
    ] + HealthEndpoint(node: node).routes + ModelsEndpoint(node: node, bodies: bodies).routes
      + PageEndpoint().routes + VoicesEndpoint(node: node, bodies: bodies).routes
      + PresetsEndpoint(node: node, bodies: bodies).routes + JobsEndpoint(node: node, bodies: bodies).routes
      + OpenAIEndpoint(node: node, bodies: bodies).routes + KeysEndpoint(node: node, bodies: bodies).routes
      + AuditEndpoint(node: node).routes
  }
}
