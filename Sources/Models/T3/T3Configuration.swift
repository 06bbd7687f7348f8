package import Tensor

/// What kind of T3 a checkpoint holds, read off its keys and shapes.
///
/// Source: `T3Config` and `llama_configs.py` in the reference, which set these by hand for every model.
package struct T3Configuration: Hashable, Sendable {
  /// The transformer that T3 is built on.
  package enum Backbone: Hashable, Sendable {
    /// Llama: Standard and Multilingual.
    case llama
    /// GPT-2: Turbo and Nano.
    case gpt2
  }

  /// The elements of a head; no shape tells them.
  static let headChannels = 64
  /// The elements of a speaker embedding that ``T3Condition`` takes.
  package static let speakerChannels = 256

  /// The transformer.
  package let backbone: Backbone
  /// The elements of a position.
  package let channels: Int
  /// Transformer layers.
  package let layers: Int
  /// Attention heads.
  package let heads: Int
  /// How many text tokens there are.
  package let textVocabulary: Int
  /// How many speech tokens there are, the start and stop tokens among them.
  package let speechVocabulary: Int
  /// The longest text with its start and stop tokens; `nil` when only ``positions`` bound it.
  package let textPositions: Int?
  /// The most speech tokens with learned positions; `nil` when only ``positions`` bound them.
  package let speechPositions: Int?
  /// The most positions of a sequence: condition, text and speech; `nil` for rotary positions.
  package let positions: Int?
  /// Whether prompt tokens are resampled to a fixed count.
  package let hasPerceiver: Bool
  /// Whether exaggeration is an input.
  package let hasEmotion: Bool

  /// Text and speech in 23 languages, with an alignment that is watched while it speaks.
  package var isMultilingual: Bool { textVocabulary == 2454 }
  /// Whether a second row without text guides the first (classifier-free guidance).
  package var usesGuidance: Bool { backbone == .llama }
  /// The token that every speech begins with.
  package let startSpeech: Int32 = 6561
  /// The token that ends every speech.
  package let stopSpeech: Int32 = 6562
  /// The token before a text, in Llama models.
  let startText: Int32 = 255
  /// The token after a text, in Llama models.
  let stopText: Int32 = 0

  /// Reads a checkpoint's configuration.
  ///
  /// - Throws: ``TensorError/missingTensor(file:key:)``, ``TensorError/unreadableFile(name:reason:)``.
  package init(_ checkpoint: Checkpoint) throws(TensorError) {
    let table = TableReader(checkpoint: checkpoint)
    (speechVocabulary, channels) = try table.sizes("speech_emb.weight")
    textVocabulary = try table.sizes("text_emb.weight").rows
    backbone = checkpoint.contains("tfmr.h.0.ln_1.weight") ? .gpt2 : .llama
    let layer = backbone == .gpt2 ? "tfmr.h.%.ln_1.weight" : "tfmr.layers.%.input_layernorm.weight"
    layers = table.count(layer)
    heads = channels / Self.headChannels
    textPositions = try table.optionalRows("text_pos_emb.emb.weight")
    speechPositions = try table.optionalRows("speech_pos_emb.emb.weight")
    positions = backbone == .gpt2 ? try table.sizes("tfmr.wpe.weight").rows : nil
    hasPerceiver = checkpoint.contains("cond_enc.perceiver.pre_attention_query")
    hasEmotion = checkpoint.contains("cond_enc.emotion_adv_fc.weight")

    guard layers > 0 else { throw .missingTensor(file: checkpoint.name, key: "tfmr.layers.0") }
    guard channels > 0, channels.isMultiple(of: Self.headChannels) else {
      throw table.unsupported("its rows of \(channels) elements do not divide into heads of 64")
    }
    guard speechVocabulary > Int(stopSpeech) else {
      throw table.unsupported("its \(speechVocabulary) speech tokens leave no room for a stop token")
    }
    guard backbone == .gpt2 || (textPositions ?? 0) >= 3 && (speechPositions ?? 0) >= 2 else {
      throw table.unsupported("it is a Llama without learned positions")
    }
    guard backbone == .llama || (positions ?? 0) >= 2 && textVocabulary > 0 else {
      throw table.unsupported("it is a GPT-2 without positions or text tokens")
    }
    guard backbone == .gpt2 || textVocabulary > Int(startText) else {
      throw table.unsupported("its \(textVocabulary) text tokens leave no room for a start token")
    }
  }
}

private struct TableReader {
  let checkpoint: Checkpoint

  func sizes(_ key: String) throws(TensorError) -> (rows: Int, columns: Int) {
    guard let shape = checkpoint.shape(of: key) else {
      throw .missingTensor(file: checkpoint.name, key: key)
    }
    guard shape.count == 2 else { throw unsupported("'\(key)' is not a table") }
    return (shape[0], shape[1])
  }

  func optionalRows(_ key: String) throws(TensorError) -> Int? {
    checkpoint.contains(key) ? try sizes(key).rows : nil
  }

  func count(_ pattern: String) -> Int {
    var count = 0
    while checkpoint.contains(pattern.replacing("%", with: "\(count)")) { count += 1 }
    return count
  }

  func unsupported(_ reason: String) -> TensorError {
    .unreadableFile(name: checkpoint.name, reason: reason)
  }
}
