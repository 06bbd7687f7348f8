import Audio
public import Foundation
import Tensor

/// A `.voice` file: safetensors whose notes say what it is, for which models, and its checksum.
extension Voice {
  private static let format = "chatterbox-voice"
  private static let version = "1"
  /// The longest prompt, ten seconds, with room: more would be no voice file.
  private static let mostFrames = 2_000
  private static let mostTokens = 1_000
  /// No voice file is longer; the ten seconds of a full one are 0.2 MB.
  private static let mostBytes = 4 << 20

  /// Reads a `.voice` file, or an official `conds.pt`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - name: what to call it; `nil` takes the file's own name for it.
  ///   - family: which models a `conds.pt` is for, which does not say it itself; `nil` tells by its prompt's
  ///     length.
  /// - Throws: ``ChatterboxError`` with ``ChatterboxError/Code/voiceUnreadable``.
  public init(contentsOf path: String, name: String? = nil, family: Family? = nil) throws(ChatterboxError) {
    let file = URL(filePath: path).lastPathComponent
    do {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      if let size = attributes?[.size] as? Int, size > Self.mostBytes {
        throw ChatterboxError.unreadableVoice(file, "it is too large for a voice")
      }
      let checkpoint = try Checkpoint(path: path)
      let isOwn = checkpoint.metadata["format"] == Self.format
      if !isOwn, !checkpoint.contains("t3.speaker_emb") {
        throw ChatterboxError.unreadableVoice(file, "it is neither a .voice file nor a conds.pt")
      }
      try self.init(
        checkpoint,
        name: name ?? checkpoint.metadata["name"]
          ?? URL(filePath: path).deletingPathExtension().lastPathComponent,
        family: isOwn ? Self.family(checkpoint, file) : family)
      if isOwn, try checksum != checkpoint.metadata["sha256"] {
        throw ChatterboxError.unreadableVoice(file, "its checksum is not that of its content")
      }
    } catch let error as ChatterboxError {
      throw error
    } catch TensorError.unreadableFile(_, let reason) {
      throw .unreadableVoice(file, reason)
    } catch TensorError.missingTensor(_, let key) {
      throw .unreadableVoice(file, "it lacks '\(key)'")
    } catch {
      throw .unreadableVoice(file, "it is damaged")
    }
  }

  private static func family(_ file: Checkpoint, _ name: String) throws(ChatterboxError) -> Family {
    guard file.metadata["version"] == version else {
      throw .unreadableVoice(name, "it was made by a later version of Chatterbox: update this one")
    }
    guard let family = file.metadata["models"].flatMap(Family.init) else {
      throw .unreadableVoice(name, "it does not say which models it is for")
    }
    return family
  }

  private init(_ file: Checkpoint, name: String, family: Family?) throws {
    let refuse = { (reason: String) in ChatterboxError.unreadableVoice(file.name, reason) }
    let finite = { (key: String) throws -> [Float] in
      let values = try file.tensor(key).values
      guard values.allSatisfy(\.isFinite) else { throw refuse("'\(key)' is not finite") }
      return values
    }
    let speaker = try finite("t3.speaker_emb")
    let speechTokens =
      file.contains("t3.cond_prompt_speech_tokens") ? try file.integers("t3.cond_prompt_speech_tokens") : []
    let prompt = Prompt(
      tokens: try file.integers("gen.prompt_token"), melFrames: try finite("gen.prompt_feat"),
      speakerEmbedding: try finite("gen.embedding"))
    let isToken = { (token: Int32) in (0..<SpeechTokens.count).contains(token) }
    // Which sizes a model wants, its weights say.
    guard (1...4096).contains(speaker.count), (1...4096).contains(prompt.speakerEmbedding.count) else {
      throw refuse(
        "its speaker embeddings have \(speaker.count) and \(prompt.speakerEmbedding.count) numbers")
    }
    guard speechTokens.count <= Self.mostTokens, prompt.tokens.count <= Self.mostTokens,
      speechTokens.allSatisfy(isToken), prompt.tokens.allSatisfy(isToken)
    else { throw refuse("its speech tokens are not \(SpeechTokens.count) or are too many") }
    guard prompt.melFrames.count.isMultiple(of: 80), prompt.melFrames.count <= 80 * Self.mostFrames,
      prompt.melFrames.count / 80 >= prompt.tokens.count
    else { throw refuse("its mel frames do not belong to its speech tokens") }
    self.init(
      name: name, family: family ?? (speechTokens.count > 150 ? .turbo : .standard),
      speakerEmbedding: speaker, speechTokens: speechTokens, prompt: prompt)
  }

  /// The voice as a `.voice` file's bytes.
  public func encoded() throws -> Data {
    var writer = writer
    writer.note("sha256", try checksum)
    return try writer.encoded()
  }

  /// Writes a `.voice` file.
  ///
  /// - Throws: ``ChatterboxError`` when it cannot be written.
  public func save(to path: String) throws {
    let file = try SpeechFile(creating: path)
    try file.write([UInt8](encoded()))
    try file.keep()
  }

  private var writer: SafetensorsWriter {
    var writer = SafetensorsWriter(metadata: [
      "format": Self.format, "version": Self.version, "models": family.rawValue, "name": name,
    ])
    let row = { (values: [Float]) in HostTensor(shape: [1, values.count], values: values) }
    writer.add("t3.speaker_emb", row(speakerEmbedding))
    writer.add("t3.cond_prompt_speech_tokens", speechTokens)
    writer.add("gen.prompt_token", prompt.tokens)
    writer.add(
      "gen.prompt_feat", HostTensor(shape: [1, prompt.melFrames.count / 80, 80], values: prompt.melFrames))
    writer.add("gen.embedding", row(prompt.speakerEmbedding))
    return writer
  }

  /// What changes when the voice sounds different.
  var identity: String { (try? checksum) ?? name }

  /// Of everything that is heard, and of the name.
  private var checksum: String {
    get throws {
      SHA256Digest.hexadecimal(of: [UInt8](writer.tensorBytes) + "\(family.rawValue)\n\(name)".utf8)
    }
  }
}

/// What the speech tokens of all models have in common.
package enum SpeechTokens {
  /// How many there are; larger ids are marks such as the end.
  package static let count: Int32 = 6561
  /// Tokens a second.
  package static let rate = 25
  /// The token of silence, three of which Turbo ends with.
  package static let silence: Int32 = 4299
}

extension ChatterboxError {
  static func unreadableVoice(_ file: String, _ reason: String) -> ChatterboxError {
    ChatterboxError(
      .voiceUnreadable,
      "The voice '\(file)' cannot be used: \(reason). Make it again with 'chatterbox voices clone'.",
      field: "voice")
  }
}
