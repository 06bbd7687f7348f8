import API
import ArgumentParser
import Chatterbox
import Foundation
import Logging
import Service

/// `chatterbox serve`: the REST service.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve speech over HTTP.",
    discussion: "Settings come from config.yaml, then from CHATTERBOX_… variables, then from these options.")

  @Option(help: "The address to listen on; 127.0.0.1 by default.")
  var host: String?

  @Option(help: "The port to listen on; 8000 by default.")
  var port: Int?

  /// For measurements: how long every turn takes at least, in seconds.
  @Option(help: .hidden)
  var simulatedCost: Double?

  @OptionGroup var engineOptions: EngineOptions

  func validate() throws {
    if let port, !(1...65535).contains(port) {
      throw ValidationError("--port takes a number from 1 to 65535.")
    }
  }

  func run() async throws {
    ServerMemory.keepFlat()
    ServerFiles.keepPrivate()
    ServerFiles.openMany()
    let configuration = try engineOptions.load()
    LoggingSystem.bootstrap { label in
      switch configuration.server.logFormat {
      case .text: StreamLogHandler.standardError(label: label)
      case .json: JSONLogHandler(label: label)
      }
    }
    let logger = Logger(label: "chatterbox")
    let engine = try engineOptions.makeEngine(configuration)
    for model in configuration.models.preload {
      guard engine.store.isInstalled(model) else {
        logger.warning("models.preload names '\(model.rawValue)', which is not installed")
        continue
      }
      try await engine.load(model.rawValue)
    }
    try await engine.load()
    let node = try SpeechNode(
      engine: engine, configuration: configuration, simulatedCost: simulatedCost.map { .seconds($0) },
      logger: logger)
    let server = Server(
      node: node, host: host ?? configuration.server.host, port: port ?? configuration.server.port,
      logger: logger)
    try await server.run()
  }
}
