internal import Tensor

// Passes through the network.
extension T3 {
  /// Takes in a text and the start of its speech; the logits of the first speech token.
  ///
  /// - Parameters:
  ///   - sequences: the sequence, and with guidance the one without the text.
  ///   - text: its tokens.
  func open(_ sequences: [T3Sequence], text: [Int32]) throws(TensorError) -> T3Pass {
    let rows = text.count + embeddings.starts
    let shape = CachedAttention.Shape(
      sequences: sequences.count, rows: rows, positions: sequences[0].count + rows)
    let graph = try Graph(on: backend) { builder in
      let input = embeddings.opening(
        text: builder.input("text", [text.count], type: .int32),
        start: builder.input("start", [1], type: .int32), sequences: sequences.count, in: builder)
      build(builder, input, shape)
    }
    graph.set("text", text)
    graph.set("start", [configuration.startSpeech])
    return try run(graph, sequences, shape).joined(0..<sequences.count)
  }

  /// Takes in a speech token of every generation; the logits of their next ones, for all in one pass.
  func step(_ generations: [T3Generation]) throws(TensorError) -> [T3Pass] {
    let sequences = generations.flatMap(\.sequences)
    let longest = sequences.reduce(0) { max($0, $1.count) }
    let shape = CachedAttention.Shape(sequences: sequences.count, rows: 1, positions: longest + 1)
    let graph = try steps.graph(for: shape) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let input = embeddings.step(
          builder.input("tokens", [sequences.count], type: .int32),
          places: builder.input("places", [sequences.count], type: .int32))
        build(builder, input, shape)
      }
    }
    let each = { (value: (T3Generation) -> Int) in
      generations.flatMap { [Int32](repeating: Int32(value($0)), count: $0.sequences.count) }
    }
    graph.set("tokens", each { Int($0.tokens.last ?? self.configuration.startSpeech) })
    // The start token's place is 0.
    graph.set("places", each(\.tokens.count))
    let rows = try run(graph, sequences, shape)
    var first = 0
    return generations.map { generation in
      defer { first += generation.sequences.count }
      return rows.joined(first..<first + generation.sequences.count)
    }
  }

  private func build(_ builder: GraphBuilder, _ input: Tensor, _ shape: CachedAttention.Shape) {
    let attention = CachedAttention(builder, pool: pool, shape: shape, watched: alignedHeads)
    let hidden = backbone(input, attention).reshaped([configuration.channels, shape.rows, shape.sequences])
    let last = hidden.slice(1, shape.rows - 1..<shape.rows).contiguous()
    builder.output("logits", last.reshaped([configuration.channels, shape.sequences]).linear(head))
  }

  private func run(
    _ graph: Graph, _ sequences: [T3Sequence], _ shape: CachedAttention.Shape
  ) throws(TensorError) -> [T3Pass] {
    CachedAttention.place(graph, sequences, shape: shape)
    try graph.compute()
    let logits = graph.floats("logits")
    let alignments = alignedHeads.indices.map { graph.floats(CachedAttention.name(of: $0)) }
    let (vocabulary, looks) = (configuration.speechVocabulary, shape.keys * shape.rows)
    return sequences.enumerated().map { index, sequence in
      sequence.count += shape.rows
      return T3Pass(
        logits: [Array(logits[index * vocabulary..<(index + 1) * vocabulary])],
        alignments: alignments.map { Array($0[index * looks..<(index + 1) * looks]) }, keys: shape.keys)
    }
  }
}

/// What a pass through the network gives a speech.
struct T3Pass {
  /// The last position's logits, a row a sequence.
  let logits: [[Float]]
  /// The watched heads' attention in the first sequence, [keys, T] each.
  let alignments: [[Float]]
  /// How many positions a row of an alignment has.
  let keys: Int
}

extension [T3Pass] {
  /// The passes of a speech's sequences as one.
  fileprivate func joined(_ range: Range<Int>) -> T3Pass {
    let first = self[range.lowerBound]
    return T3Pass(logits: self[range].flatMap(\.logits), alignments: first.alignments, keys: first.keys)
  }
}
