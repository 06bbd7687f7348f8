internal import Tensor

// The condition.
extension T3 {
  /// Takes in a voice's condition, from which every text of it can start.
  ///
  /// - Throws: ``T3Error`` for a condition that is not this model's.
  package func prefix(of condition: T3Condition) throws(T3Error) -> T3Prefix {
    try check(condition)
    let prompt = condition.promptTokens.count
    let count = conditionEncoder.count(prompt: prompt)
    guard let rows = pool.take(count) else { throw .noRoom(positions: count, free: pool.room) }
    let sequence = T3Sequence(condition: rows)
    let shape = CachedAttention.Shape(sequences: 1, rows: count, positions: count)
    do throws(TensorError) {
      let graph = try Graph(on: backend) { builder in
        let positions = conditionEncoder(
          embedding: builder.input("speaker", [T3Configuration.speakerChannels, 1]),
          prompt: prompt == 0
            ? nil : embeddings.prompt(builder.input("prompt", [prompt], type: .int32), in: builder),
          exaggeration: builder.input("exaggeration", [1, 1]), in: builder)
        // Only the keys and values are wanted.
        _ = backbone(positions, CachedAttention(builder, pool: pool, shape: shape))
      }
      graph.set("speaker", condition.speakerEmbedding)
      if prompt > 0 { graph.set("prompt", condition.promptTokens) }
      if configuration.hasEmotion { graph.set("exaggeration", [condition.exaggeration]) }
      CachedAttention.place(graph, [sequence], shape: shape)
      try graph.compute()
      return T3Prefix(rows)
    } catch {
      throw .device(error)
    }
  }

  private func check(_ condition: T3Condition) throws(T3Error) {
    guard condition.speakerEmbedding.count == T3Configuration.speakerChannels,
      condition.speakerEmbedding.allSatisfy(\.isFinite)
    else {
      throw .badSpeakerEmbedding(
        elements: condition.speakerEmbedding.count, expected: T3Configuration.speakerChannels)
    }
    try check(condition.promptTokens, vocabulary: configuration.speechVocabulary)
    let limit = configuration.speechPositions ?? (configuration.positions ?? 0) / 2
    guard condition.promptTokens.count <= limit else {
      throw .promptTooLong(tokens: condition.promptTokens.count, limit: limit)
    }
    guard condition.exaggeration.isFinite else {
      throw .badParameter(name: "exaggeration", value: condition.exaggeration, expected: "a number")
    }
  }

  func check(_ tokens: [Int32], vocabulary: Int) throws(T3Error) {
    if let stranger = tokens.first(where: { $0 < 0 || $0 >= vocabulary }) {
      throw .unknownToken(stranger, vocabulary: vocabulary)
    }
  }
}
