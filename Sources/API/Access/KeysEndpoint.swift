import Chatterbox
import Foundation
import Hummingbird
import Service

/// `/api/v1/keys`: making, rotating and revoking the keys that let others in.
struct KeysEndpoint: Sendable {
  /// A key as an administrator sees it; its text only once, when it has just been made.
  private struct Shown: Encodable {
    let id: String
    let name: String
    let scopes: [AccessScope]
    let requestsPerMinute: Int?
    let burst: Int?
    let created: String
    let expires: String?
    let revoked: String?
    let lastUsed: String?
    var key: String?

    private enum CodingKeys: String, CodingKey {
      case id
      case name
      case scopes
      case requestsPerMinute = "requests_per_minute"
      case burst
      case created
      case expires
      case revoked
      case lastUsed = "last_used"
      case key
    }

    init(_ key: APIKey, text: String? = nil) {
      id = key.id
      name = key.name
      scopes = key.scopes.sorted { $0.rawValue < $1.rawValue }
      requestsPerMinute = key.limit?.requestsPerMinute
      burst = key.limit?.burst
      created = key.created.ISO8601Format()
      expires = key.expires?.ISO8601Format()
      revoked = key.revoked?.ISO8601Format()
      lastUsed = key.lastUsed?.ISO8601Format()
      self.key = text
    }
  }

  let node: SpeechNode
  let bodies: RequestBodyReader

  var routes: [Route] {
    [
      Route(.get, "/api/v1/keys", for: .admin) { _, _ in
        try Response(json: ["keys": await node.keys.keys().map { Shown($0) }])
      },
      Route(.post, "/api/v1/keys", for: .admin) { request, _ in try await create(request) },
      Route(.post, "/api/v1/keys/:id/rotate", for: .admin) { request, context in
        try await rotate(try context.parameters.require("id"), request)
      },
      Route(.delete, "/api/v1/keys/:id", for: .admin) { _, context in
        try Response(json: Shown(try await node.keys.revoke(try context.parameters.require("id"))))
      },
    ]
  }

  private func create(_ request: Request) async throws -> Response {
    let fields = try JSONFields(json: try await bodies.json(of: request))
    try fields.check(known: ["name", "scopes", "requests_per_minute", "burst", "expires_in_days"])
    guard let name = try fields.string("name") else {
      throw ChatterboxError(.invalidValue, "name is missing.", field: "name")
    }
    let words: [String] = try fields.value("scopes", "a list of scopes") ?? ["speak", "read"]
    let scopes = try Set(
      words.map { word throws(ChatterboxError) in
        guard let scope = AccessScope(rawValue: word) else {
          throw ChatterboxError.unknown(
            .invalidValue, "scope", word, among: AccessScope.allCases.map(\.rawValue), field: "scopes")
        }
        return scope
      })
    let days = try fields.number("expires_in_days", in: 0.001...36_500)
    let made = try await node.keys.create(
      named: name, scopes: scopes, limit: try limit(fields), expires: days.map { .now + $0 * 86_400 })
    return try Response(
      json: Shown(made.key, text: made.text), status: .created, headers: [.cacheControl: "no-store"])
  }

  private func limit(_ fields: JSONFields) throws -> RateLimit? {
    let burst = try fields.number("burst", in: 1...1_000_000)
    guard let minute = try fields.number("requests_per_minute", in: 0...1_000_000) else {
      guard burst == nil else { throw ChatterboxError.invalid("burst", "given with requests_per_minute") }
      return nil
    }
    return RateLimit(requestsPerMinute: Int(minute), burst: burst.map { Int($0) })
  }

  private func rotate(_ id: String, _ request: Request) async throws -> Response {
    let body = try await bodies.json(of: request)
    let fields = try JSONFields(json: body.isEmpty ? Data("{}".utf8) : body)
    try fields.check(known: ["grace_hours"])
    let hours = try fields.number("grace_hours", in: 0...720) ?? 24
    let made = try await node.keys.rotate(id, grace: .seconds(hours * 3_600))
    return try Response(json: Shown(made.key, text: made.text), headers: [.cacheControl: "no-store"])
  }
}
