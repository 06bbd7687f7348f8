import ArgumentParser
import Foundation
import Logging
import Redis
import Service

/// Which server's data a command is about.
struct NodeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String?

  /// The configuration: the file, then the environment.
  func load() throws -> ServiceConfiguration {
    ServerFiles.keepPrivate()
    return try ServiceConfiguration.load(path: config, environment: ProcessInfo.processInfo.environment)
  }

  /// The keys of the server: in the Redis that its nodes share, or in its database.
  func keys() throws -> KeyDesk {
    let configuration = try load()
    let folders = try NodeFolders(configuration)
    if let redis = configuration.cache.redisClient { return KeyDesk(store: RedisKeyStore(redis: redis)) }
    return KeyDesk(store: DatabaseKeyStore(database: try NodeDatabase(at: folders.database)))
  }
}
