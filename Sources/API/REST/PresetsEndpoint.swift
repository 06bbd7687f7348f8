import Chatterbox
import Foundation
import Hummingbird
import Service

/// `/api/v1/presets`: the presets that requests can name, and making own ones.
struct PresetsEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader

  /// A preset as it is shown.
  private struct Shown: Encodable {
    let entry: PresetShelf.Entry

    private enum CodingKeys: CodingKey {
      case origin
    }

    func encode(to encoder: any Encoder) throws {
      try entry.preset.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(entry.origin, forKey: .origin)
    }
  }

  var routes: [Route] {
    [
      Route(.get, "/api/v1/presets", for: .read) { _, _ in
        try Response(json: ["presets": node.presets.entries().map(Shown.init)])
      },
      Route(.post, "/api/v1/presets", for: .voices) { request, _ in try await create(request) },
      Route(.get, "/api/v1/presets/:name", for: .read) { _, context in
        try Response(json: Shown(entry: node.presets.entry(try context.parameters.require("name"))))
      },
      Route(.put, "/api/v1/presets/:name", for: .voices) { request, context in
        try await replace(try context.parameters.require("name"), request)
      },
      Route(.delete, "/api/v1/presets/:name", for: .voices) { _, context in
        try await node.presets.remove(try context.parameters.require("name"))
        return Response(status: .noContent)
      },
    ]
  }

  private func create(_ request: Request) async throws -> Response {
    let fields = try JSONFields(json: try await bodies.json(of: request))
    guard let name = try fields.string("name") else {
      throw ChatterboxError(.invalidValue, "name is missing.", field: "name")
    }
    let preset = try preset(fields, named: name)
    try await node.presets.create(preset)
    return try Response(
      json: Shown(entry: try node.presets.entry(name)), status: .created,
      headers: [.location: "/api/v1/presets/\(name)"])
  }

  private func replace(_ name: String, _ request: Request) async throws -> Response {
    let fields = try JSONFields(json: try await bodies.json(of: request))
    if let other = try fields.string("name"), other != name {
      throw ChatterboxError(.invalidValue, "name must be that of the path, or be left out.", field: "name")
    }
    let preset = try preset(fields, named: name)
    let isNew = try await node.presets.replace(preset)
    return try Response(
      json: Shown(entry: try node.presets.entry(name)), status: isNew ? .created : .ok)
  }

  /// A preset by the product's schema.
  private func preset(_ fields: JSONFields, named name: String) throws(ChatterboxError) -> Preset {
    typealias Key = Preset.CodingKeys
    try fields.check(known: Key.allCases.map(\.rawValue))
    guard let model = try fields.string(Key.model.rawValue) else {
      throw ChatterboxError(
        .invalidValue, "model is missing: standard, turbo or multilingual.", field: Key.model.rawValue)
    }
    let preset = Preset(
      name: name, model: model, exaggeration: try fields.number(Key.exaggeration.rawValue),
      cfgWeight: try fields.number(Key.cfgWeight.rawValue), speed: try fields.number(Key.speed.rawValue),
      paralinguisticPrefix: try fields.string(Key.paralinguisticPrefix.rawValue),
      description: try fields.string(Key.description.rawValue))
    guard (preset.description ?? "").utf8.count <= 1_000,
      (preset.paralinguisticPrefix ?? "").utf8.count <= 100
    else {
      throw ChatterboxError(
        .invalidValue, "description has up to 1,000 bytes, paralinguistic_prefix up to 100.",
        field: Key.description.rawValue)
    }
    try preset.validate()
    return preset
  }
}
