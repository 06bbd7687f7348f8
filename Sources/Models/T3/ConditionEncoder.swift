internal import Tensor

/// Who speaks and how: the positions that stand before every text of a voice.
///
/// Source: `T3CondEnc` in the reference's `cond_enc.py`.
struct ConditionEncoder {
  private let speaker: Linear
  private let perceiver: Perceiver?
  private let emotion: Tensor?

  init(_ reader: CheckpointReader, _ configuration: T3Configuration) throws(TensorError) {
    let channels = configuration.channels
    speaker = try reader["spkr_enc"].linear(from: T3Configuration.speakerChannels, to: channels)
    perceiver =
      configuration.hasPerceiver ? try Perceiver(reader["perceiver"], channels: channels) : nil
    emotion =
      configuration.hasEmotion
      ? reader.weights.add(
        reader.key("emotion_adv_fc.weight"), shape: [channels],
        try reader["emotion_adv_fc"].host("weight", [channels, 1]).values)
      : nil
  }

  /// How many positions come out for `prompt` prompt tokens.
  func count(prompt: Int) -> Int {
    1 + (prompt == 0 ? 0 : perceiver?.count ?? prompt) + (emotion == nil ? 0 : 1)
  }

  /// The positions: speaker, prompt, exaggeration.
  ///
  /// - Parameters:
  ///   - embedding: the speaker's, [256, 1].
  ///   - prompt: embedded speech tokens [C, T]; `nil` for none.
  ///   - exaggeration: [1, 1].
  func callAsFunction(
    embedding: Tensor, prompt: Tensor?, exaggeration: Tensor, in builder: GraphBuilder
  ) -> Tensor {
    var positions = embedding.linear(speaker)
    if let prompt {
      positions = positions.concatenated(perceiver?(prompt, in: builder) ?? prompt, along: 1)
    }
    if let emotion {
      let row = builder.use(emotion).reshaped([positions.size(0), 1]) * exaggeration
      positions = positions.concatenated(row, along: 1)
    }
    return positions
  }
}
