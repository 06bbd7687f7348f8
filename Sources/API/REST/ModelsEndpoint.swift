import Chatterbox
import Foundation
import Hummingbird
import Service
import Text

/// `/api/v1/models`: which models there are, and having them loaded, unloaded and exchanged.
struct ModelsEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader

  /// A model as it is shown.
  private struct Shown: Encodable {
    struct Version: Encodable {
      let version: String?
      let active: Bool
      let bytes: Int
      let installed: Date?
    }

    let name: String
    let kind: String
    let description: String
    let languages: [String]
    let installed: Bool
    let custom: Bool
    let loaded: Bool
    let loadedBytes: Int
    let inFlight: Int
    let idleSeconds: Double?
    let cachedVoices: Int
    let versions: [Version]

    private enum CodingKeys: String, CodingKey {
      case name
      case kind
      case description
      case languages
      case installed
      case custom
      case loaded
      case loadedBytes = "loaded_bytes"
      case inFlight = "in_flight"
      case idleSeconds = "idle_seconds"
      case cachedVoices = "cached_voices"
      case versions
    }

    init(_ name: String, _ kind: ModelName, _ state: ModelState?, _ versions: [InstalledModel]) {
      self.name = name
      self.kind = kind.rawValue
      description = kind.summary
      languages = kind.languages.map(\.code)
      installed = state != nil
      custom = ModelName(rawValue: name) == nil
      loaded = (state?.loadedBytes ?? 0) > 0
      loadedBytes = state?.loadedBytes ?? 0
      inFlight = state?.inFlight ?? 0
      idleSeconds = state?.idleSeconds
      cachedVoices = state?.cachedVoices ?? 0
      self.versions = versions.map {
        Version(version: $0.version, active: $0.active, bytes: $0.size, installed: $0.installed)
      }
    }
  }

  var routes: [Route] {
    [
      Route(.get, "/api/v1/models", for: .read) { _, _ in try Response(json: ["models": await models()]) },
      Route(.get, "/api/v1/models/:name", for: .read) { _, context in
        try await answer(try context.parameters.require("name"))
      },
      Route(.post, "/api/v1/models/:name/load", for: .admin) { _, context in
        try await load(try context.parameters.require("name"))
      },
      Route(.post, "/api/v1/models/:name/unload", for: .admin) { _, context in
        try await unload(try context.parameters.require("name"))
      },
      Route(.post, "/api/v1/models/:name/activate", for: .admin) { request, context in
        try await activate(try context.parameters.require("name"), request)
      },
    ]
  }

  private func models() async -> [Shown] {
    let states = Dictionary(
      await node.engine.modelStates.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let versions = Dictionary(grouping: node.engine.store.installedModels, by: \.name)
    let known = ModelName.allCases.map(\.rawValue)
    let custom = states.keys.filter { !known.contains($0) }.sorted()
    return (known + custom).compactMap { name in
      let kind = ModelName(rawValue: states[name]?.kind ?? name)
      return kind.map { Shown(name, $0, states[name], versions[name] ?? []) }
    }
  }

  private func answer(_ name: String) async throws -> Response {
    let models = await models()
    guard let model = models.first(where: { $0.name == name }) else {
      throw unknown(name, among: models.map(\.name))
    }
    return try Response(json: model)
  }

  private func load(_ name: String) async throws -> Response {
    try await checkIsKnown(name)
    // It may have been installed since.
    try node.engine.refresh()
    guard await node.engine.modelStates.contains(where: { $0.name == name }) else {
      throw notInstalled(name)
    }
    try await node.engine.load(name)
    return try await answer(name)
  }

  private func unload(_ name: String) async throws -> Response {
    try await checkIsKnown(name)
    guard await node.engine.modelStates.contains(where: { $0.name == name }) else {
      throw notInstalled(name)
    }
    try node.engine.unload(name)
    return try await answer(name)
  }

  private func activate(_ name: String, _ request: Request) async throws -> Response {
    let fields = try JSONFields(json: try await bodies.json(of: request))
    try fields.check(known: ["version"])
    guard let version = try fields.string("version") else {
      throw ChatterboxError(.invalidValue, "version is missing: GET this model lists them.", field: "version")
    }
    try await checkIsKnown(name)
    do {
      try await node.engine.activate(name, version: version)
    } catch let error as ModelStoreError {
      throw refusal(error, name)
    }
    return try await answer(name)
  }

  private func checkIsKnown(_ name: String) async throws {
    let names = await models().map(\.name)
    guard names.contains(name) || node.engine.store.installedModels.contains(where: { $0.name == name })
    else {
      throw unknown(name, among: names)
    }
  }

  private func unknown(_ name: String, among names: [String]) -> APIError {
    let nearest = Spelling.nearest(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
    return APIError(
      status: .notFound, code: "unknown_model", message: "There is no such model.\(nearest)", field: "name")
  }

  private func notInstalled(_ name: String) -> APIError {
    APIError(
      status: .conflict, code: "model_not_installed",
      message: "The model is not installed: fetch it with 'chatterbox models pull \(name)'.", field: "name")
  }

  /// The store's words name files and folders, which are no client's business.
  private func refusal(_ error: ModelStoreError, _ name: String) -> any Error {
    switch error.code {
    case .unknownVersion:
      APIError(
        status: .unprocessableContent, code: "unknown_version",
        message: "The model has no such version: GET /api/v1/models/\(name) lists them.", field: "version")
    case .unknownName: notInstalled(name)
    default: APIError.internalError
    }
  }
}
