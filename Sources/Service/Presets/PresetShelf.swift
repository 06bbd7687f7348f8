package import Chatterbox

/// All presets that requests can name: built in, from the configuration, and made while the node runs.
package struct PresetShelf: Sendable {
  /// Where a preset comes from. Later ones go before earlier ones of the same name.
  package enum Origin: String, Codable, Sendable {
    case builtIn = "built_in"
    case configuration
    case custom
  }

  /// A preset and where it comes from.
  package struct Entry: Sendable {
    package let preset: Preset
    package let origin: Origin
  }

  /// Why a preset cannot be made or removed.
  package enum Refusal: Error, Hashable, Sendable {
    case exists
    case unknown
    /// It came with the node, and is as it came.
    case notCustom
  }

  let engine: ChatterboxEngine
  let configured: [Preset]
  let store: PresetStore
  /// Those of all nodes; `nil` when there is only this one.
  var shared: SharedPresets?

  /// All of them, by name.
  package func entries() throws -> [Entry] {
    var entries = Dictionary(
      Preset.builtIn.map { ($0.name, Entry(preset: $0, origin: .builtIn)) }, uniquingKeysWith: { $1 })
    for preset in configured { entries[preset.name] = Entry(preset: preset, origin: .configuration) }
    for preset in try store.presets() { entries[preset.name] = Entry(preset: preset, origin: .custom) }
    return entries.values.sorted { $0.preset.name < $1.preset.name }
  }

  package func entry(_ name: String) throws -> Entry {
    guard let entry = try entries().first(where: { $0.preset.name == name }) else { throw Refusal.unknown }
    return entry
  }

  /// Makes a preset whose name is free.
  ///
  /// - Throws: ``ChatterboxError`` when it is not valid; ``Refusal``.
  package func create(_ preset: Preset) async throws {
    try preset.validate()
    let isTaken = try entries().contains { $0.preset.name == preset.name }
    guard !isTaken else { throw Refusal.exists }
    if let shared = try await seeded {
      guard try await shared.add(preset) else { throw Refusal.exists }
      try await store.save(preset)
    } else {
      guard try await store.add(preset) else { throw Refusal.exists }
    }
    try publish()
  }

  /// Makes a preset, or puts it in place of the one of its name.
  ///
  /// - Returns: whether there was none of its name.
  /// - Throws: ``ChatterboxError`` when it is not valid.
  package func replace(_ preset: Preset) async throws -> Bool {
    try preset.validate()
    let isNew = try !entries().contains { $0.preset.name == preset.name }
    try await seeded?.save(preset)
    try await store.save(preset)
    try publish()
    return isNew
  }

  /// Removes a preset that was made while the node ran; what it stood in for is there again.
  ///
  /// - Throws: ``Refusal``.
  package func remove(_ name: String) async throws {
    let wasShared = try await seeded?.remove(name) ?? false
    let wasHere = try await store.remove(name)
    guard wasShared || wasHere else {
      throw try entries().contains { $0.preset.name == name } ? Refusal.notCustom : .unknown
    }
    try publish()
  }

  /// Lets the engine know them.
  func publish() throws {
    try engine.setPresets(configured + store.presets())
  }
}
