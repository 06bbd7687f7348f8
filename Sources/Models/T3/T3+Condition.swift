internal import Tensor

// The condition.
extension T3 {
  /// Takes in a voice's condition, from which every text of it can start.
  ///
  /// - Throws: ``T3Error`` for a condition that is not this model's.
  package func prefix(of condition: T3Condition) throws(T3Error) -> T3Prefix {
    try check(condition)
    do throws(TensorError) {
      let prompt = condition.promptTokens.count
      let count = conditionEncoder.count(prompt: prompt)
      let cache = try cache(capacity: count, sequences: 1)
      let graph = try Graph(on: backend) { builder in
        let positions = conditionEncoder(
          embedding: builder.input("speaker", [T3Configuration.speakerChannels, 1]),
          prompt: prompt == 0
            ? nil : embeddings.prompt(builder.input("prompt", [prompt], type: .int32), in: builder),
          exaggeration: builder.input("exaggeration", [1, 1]), in: builder)
        let attention = CachedAttention(builder, cache: cache, rows: count, keys: count)
        // Only the keys and values are wanted.
        _ = backbone(positions, attention)
      }
      graph.set("speaker", condition.speakerEmbedding)
      if prompt > 0 { graph.set("prompt", condition.promptTokens) }
      if configuration.hasEmotion { graph.set("exaggeration", [condition.exaggeration]) }
      CachedAttention.place(graph, first: 0, rows: count, keys: count, cache: cache)
      try graph.compute()
      return T3Prefix(cache, count: count)
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
