internal import Tensor

// Passes through the network.
extension T3 {
  /// Takes in a text and the start of its speech; the logits of the first speech token.
  func open(_ sequence: T3Sequence, text: [Int32]) throws(TensorError) -> T3Pass {
    let rows = text.count + embeddings.starts
    let keys = min(T3Sequence.blocks(sequence.count + rows), sequence.cache.capacity)
    let graph = try Graph(on: backend) { builder in
      let input = embeddings.opening(
        text: builder.input("text", [text.count], type: .int32),
        start: builder.input("start", [1], type: .int32), sequences: sequence.cache.sequences, in: builder)
      build(builder, input, sequence, rows: rows, keys: keys)
    }
    graph.set("text", text)
    graph.set("start", [configuration.startSpeech])
    return try run(graph, sequence, rows: rows, keys: keys)
  }

  /// Takes in a speech token; the logits of the next one.
  ///
  /// - Parameters:
  ///   - token: the token that was chosen last.
  ///   - place: its place in the speech, the start token's being 0.
  func step(_ sequence: T3Sequence, token: Int32, place: Int) throws(TensorError) -> T3Pass {
    try sequence.reserve(sequence.count + 1, on: backend)
    let keys = min(T3Sequence.blocks(sequence.count + 1), sequence.cache.capacity)
    let graph = try sequence.steps.graph(for: keys) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let input = embeddings.step(
          builder.input("token", [1], type: .int32), place: builder.input("place", [1], type: .int32),
          sequences: sequence.cache.sequences)
        build(builder, input, sequence, rows: 1, keys: keys)
      }
    }
    graph.set("token", [token])
    graph.set("place", [Int32(place)])
    return try run(graph, sequence, rows: 1, keys: keys)
  }

  private func build(
    _ builder: GraphBuilder, _ input: Tensor, _ sequence: T3Sequence, rows: Int, keys: Int
  ) {
    let attention = CachedAttention(
      builder, cache: sequence.cache, rows: rows, keys: keys, watched: alignedHeads)
    let hidden = backbone(input, attention)
    builder.output("logits", hidden.slice(1, rows - 1..<rows).contiguous().linear(head))
  }

  private func run(
    _ graph: Graph, _ sequence: T3Sequence, rows: Int, keys: Int
  ) throws(TensorError) -> T3Pass {
    CachedAttention.place(graph, first: sequence.count, rows: rows, keys: keys, cache: sequence.cache)
    try graph.compute()
    sequence.count += rows
    let logits = graph.floats("logits")
    let vocabulary = configuration.speechVocabulary
    return T3Pass(
      logits: stride(from: 0, to: logits.count, by: vocabulary).map { Array(logits[$0..<$0 + vocabulary]) },
      alignments: alignedHeads.indices.map { graph.floats(CachedAttention.name(of: $0)) }, keys: keys)
  }
}

/// What a pass through the network gives.
struct T3Pass {
  /// The last position's logits, a row a sequence.
  let logits: [[Float]]
  /// The watched heads' attention in the first sequence, [keys, T] each.
  let alignments: [[Float]]
  /// How many positions a row of an alignment has.
  let keys: Int
}
