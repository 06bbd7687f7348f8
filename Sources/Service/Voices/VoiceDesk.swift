import Audio
package import Chatterbox
package import Foundation

/// Voices that are uploaded, and the recordings that they were made from.
///
/// A recording is kept, so that its voice can be made for the other models, too.
package struct VoiceDesk: Sendable {
  /// Why something cannot be done with a voice.
  package enum Refusal: Error, Hashable, Sendable {
    case exists
    case unknown
  }

  /// A saved voice, and what is known of it.
  package struct Entry: Sendable {
    package let name: String
    package let family: Voice.Family
    /// The models that can speak in it.
    package let models: [String]
    package let hasRecording: Bool
    package let created: Date?
  }

  let engine: ChatterboxEngine
  let folders: NodeFolders

  /// All voices, by name. One whose file is damaged is left out.
  package func entries() -> [Entry] { engine.voices.names.compactMap { try? entry($0) } }

  /// - Throws: ``Refusal/unknown``; ``ChatterboxError`` when its file is damaged.
  package func entry(_ name: String) throws -> Entry {
    guard engine.voices.names.contains(name) else { throw Refusal.unknown }
    let voice = try engine.voices.voice(name)
    let file = engine.voices.directory.appending(path: "\(name).voice")
    let created = try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
    let recording = recording(of: name)
    let models = ModelName.allCases.filter { model in
      guard let family = model.voiceFamily else { return false }
      return family == voice.family || recording != nil
    }
    return Entry(
      name: name, family: voice.family, models: models.map(\.rawValue), hasRecording: recording != nil,
      created: created)
  }

  /// Makes a voice from a recording, or takes over a `.voice` file.
  ///
  /// - Parameters:
  ///   - bytes: the file, whatever it is called.
  ///   - model: the model that will speak; `nil` is the best that is installed.
  /// - Throws: ``Refusal/exists``; ``ChatterboxError`` when it is no usable recording.
  package func upload(_ bytes: Data, named name: String, for model: String?, replaces: Bool) async throws
    -> Entry
  {
    guard VoiceStore.isName(name) else {
      throw ChatterboxError(
        .invalidValue, "A voice's name has up to 64 letters, digits, '-', '_' or '.'.", field: "name")
    }
    guard replaces || !engine.voices.names.contains(name) else { throw Refusal.exists }
    let file = folders.temporary.appending(path: "upload-\(UUID().uuidString)")
    do { try bytes.write(to: file) } catch { throw ChatterboxError.noRoom }
    defer { try? FileManager.default.removeItem(at: file) }
    if Self.isVoiceFile(bytes) {
      var voice = try Voice(contentsOf: file.path, name: name)
      voice.name = name
      try replace(with: voice, recording: nil)
    } else {
      let voice = try await engine.cloneVoice(from: file.path, for: model ?? bestModel, name: name)
      try replace(with: voice, recording: file)
    }
    return try entry(name)
  }

  /// Forgets a voice and its recording.
  ///
  /// - Throws: ``Refusal/unknown``.
  package func remove(_ name: String) throws {
    guard engine.voices.names.contains(name) else { throw Refusal.unknown }
    try engine.voices.remove(name)
    forgetRecording(of: name)
  }

  /// The voice behind a recording's name, as the product's game characters have it: `hero_sample.wav`.
  ///
  /// It is made for the models that the request needs if it is not there yet.
  ///
  /// - Throws: ``ChatterboxError`` when there is none, or it cannot be made.
  package func voice(reference: String, for request: SpeechRequest) async throws -> Voice {
    let name = Self.name(ofRecording: reference)
    guard engine.voices.names.contains(name) else {
      throw ChatterboxError.unknown(
        .unknownVoice, "voice reference", reference, among: engine.voices.names.map { "\($0).wav" },
        field: "voice_reference")
    }
    let saved = try engine.voices.voice(name)
    guard let model = engine.model(of: request), let family = model.voiceFamily, family != saved.family else {
      return saved
    }
    let other = folders.voices.appending(path: "\(name).\(family.rawValue).voice")
    if let voice = try? Voice(contentsOf: other.path, name: name) { return voice }
    guard let recording = recording(of: name) else { return saved }
    let voice = try await engine.cloneVoice(from: recording.path, for: model.rawValue, name: name)
    try voice.save(to: other.path)
    return voice
  }

  /// A voice's name, from a file's.
  package static func name(ofRecording file: String) -> String {
    let extensions = ["wav", "flac", "mp3", "ogg", "opus", "voice"]
    guard let dot = file.lastIndex(of: "."), extensions.contains(file[dot...].dropFirst().lowercased()) else {
      return file
    }
    return String(file[..<dot])
  }

  private func replace(with voice: Voice, recording: URL?) throws {
    forgetRecording(of: voice.name)
    try engine.voices.save(voice)
    guard let recording else { return }
    try FileManager.default.copyItem(at: recording, to: recordingFile(of: voice.name))
  }

  private func forgetRecording(of name: String) {
    for family in Voice.Family.allCases {
      try? FileManager.default.removeItem(
        at: folders.voices.appending(path: "\(name).\(family.rawValue).voice"))
    }
    try? FileManager.default.removeItem(at: recordingFile(of: name))
  }

  private func recording(of name: String) -> URL? {
    let file = recordingFile(of: name)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }

  private func recordingFile(of name: String) -> URL { folders.voices.appending(path: "\(name).recording") }

  private var bestModel: String {
    let best = [ModelName.turbo, .standard, .nano, .multilingual]
    return (best.first { engine.store.isInstalled($0) } ?? .turbo).rawValue
  }

  /// Whether bytes are safetensors, which no recording's begin like.
  private static func isVoiceFile(_ bytes: Data) -> Bool {
    bytes.count > 10 && bytes[bytes.startIndex + 8] == UInt8(ascii: "{")
      && bytes.dropFirst(4).prefix(4).allSatisfy { $0 == 0 }
  }
}
