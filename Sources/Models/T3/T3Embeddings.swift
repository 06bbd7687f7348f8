internal import Tensor

/// T3's tables: text and speech tokens with, in Llama models, a position of their own in each of the two.
///
/// Source: `T3.prepare_input_embeds` and `T3.inference` in the reference's `t3.py`.
struct T3Embeddings {
  private let text: Tensor
  private let speech: Tensor
  private let textPositions: Tensor?
  private let speechPositions: Tensor?
  /// How often the start token stands before the speech.
  let starts: Int

  init(_ reader: CheckpointReader, _ configuration: T3Configuration) throws(TensorError) {
    let channels = configuration.channels
    text = try reader["text_emb"].embedding(configuration.textVocabulary, channels: channels)
    speech = try reader["speech_emb"].embedding(configuration.speechVocabulary, channels: channels)
    if configuration.backbone == .llama {
      textPositions = try reader["text_pos_emb"]["emb"].embedding(channels: channels)
      speechPositions = try reader["speech_pos_emb"]["emb"].embedding(channels: channels)
      // The reference's prompt ends in the start token, and its loop begins with another, both at position 0.
      starts = 2
    } else {
      (textPositions, speechPositions, starts) = (nil, nil, 1)
    }
  }

  /// Prompt tokens [T] → [C, T].
  func prompt(_ tokens: Tensor, in builder: GraphBuilder) -> Tensor {
    let rows = tokens.rows(of: speech)
    guard let speechPositions else { return rows }
    return rows + builder.use(speechPositions).slice(1, 0..<tokens.size(0))
  }

  /// A text [T] and the start of its speech, [1] → [C, (T + starts)·sequences]; the second sequence, for
  /// guidance, has the text's positions alone.
  func opening(text tokens: Tensor, start: Tensor, sequences: Int, in builder: GraphBuilder) -> Tensor {
    var rows = tokens.rows(of: text)
    var first = start.rows(of: speech)
    guard let textPositions, let speechPositions else { return rows.concatenated(first, along: 1) }
    let positions = builder.use(textPositions).slice(1, 0..<tokens.size(0))
    rows = rows + positions
    first = first + builder.use(speechPositions).slice(1, 0..<1)
    let starts = first.concatenated(first, along: 1)
    let guided = rows.concatenated(starts, along: 1)
    return sequences == 1
      ? guided : guided.concatenated(positions.concatenated(starts, along: 1), along: 1)
  }

  /// Speech tokens [S] at their places in their speeches [S] → [C, S].
  func step(_ tokens: Tensor, places: Tensor) -> Tensor {
    let rows = tokens.rows(of: speech)
    return speechPositions.map { rows + places.rows(of: $0) } ?? rows
  }
}
