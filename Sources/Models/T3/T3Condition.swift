/// Who speaks and how: what T3 is told of a voice.
package struct T3Condition: Hashable, Sendable {
  /// The voice encoder's embedding, 256 elements.
  package var speakerEmbedding: [Float]
  /// Speech tokens of the voice's recording; may be none.
  package var promptTokens: [Int32]
  /// How lively: 0.5 is neutral. Only models with an emotion input heed it.
  package var exaggeration: Float

  /// Creates a condition.
  package init(speakerEmbedding: [Float], promptTokens: [Int32], exaggeration: Float = 0.5) {
    self.speakerEmbedding = speakerEmbedding
    self.promptTokens = promptTokens
    self.exaggeration = exaggeration
  }
}
