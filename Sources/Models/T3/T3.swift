package import Tensor

/// T3: text tokens → speech tokens, in the voice of a condition.
///
/// Source: `T3` in the reference's `t3.py`, with the backbones of `llama_configs.py`.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time. Several generations may
/// take turns.
package final class T3 {
  /// What the checkpoint holds.
  package let configuration: T3Configuration

  let backend: Backend
  private let weights: Weights
  private let embeddings: T3Embeddings
  private let conditionEncoder: ConditionEncoder
  private let backbone: any T3Backbone
  private let head: Linear
  let alignedHeads: [AlignedHead]
  private var idle: [T3Sequence] = []

  /// Loads a model onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `t3_cfg`, `t3_turbo_v1`, `t3_nano_v1`, `t3_mtl23ls_v2` or another of their kinds.
  ///   - backend: where it runs.
  ///   - matrixType: how the matrices are stored.
  ///   - alignedHeads: the attention heads that follow the text, watched in multilingual models.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(
    _ checkpoint: Checkpoint, on backend: Backend, matrixType: WeightType = .float32,
    alignedHeads: [AlignedHead] = AlignedHead.official
  ) throws(TensorError) {
    configuration = try T3Configuration(checkpoint)
    self.backend = backend
    self.alignedHeads = configuration.isMultilingual ? alignedHeads : []
    weights = Weights(on: backend, capacity: 64 + 24 * configuration.layers, matrixType: matrixType)
    let reader = CheckpointReader(checkpoint, into: weights)
    embeddings = try T3Embeddings(reader, configuration)
    conditionEncoder = try ConditionEncoder(reader["cond_enc"], configuration)
    backbone =
      switch configuration.backbone {
      case .llama: try LlamaBackbone(reader["tfmr"], configuration)
      case .gpt2: try GPT2Backbone(reader["tfmr"], configuration)
      }
    head = try reader["speech_head"].linear(
      from: configuration.channels, to: configuration.speechVocabulary)
    for head in self.alignedHeads {
      guard head.layer < configuration.layers, head.head < configuration.heads else {
        throw reader.unsupported("it has no attention head \(head.head) in layer \(head.layer) to watch")
      }
    }
    try weights.upload()
  }

  /// The bytes that the weights take on the device.
  package var weightBytes: Int { weights.byteCount }
}

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
        _ = backbone(positions, attention) { _, _ in }
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

  private func cache(capacity: Int, sequences: Int) throws(TensorError) -> KeyValueCache {
    try KeyValueCache(
      on: backend, layers: configuration.layers, channels: configuration.channels, capacity: capacity,
      sequences: sequences)
  }
}

// Passes through the network.
extension T3 {
  /// A sequence that starts with a prefix, taken from those that no generation holds any more.
  func sequence(from prefix: T3Prefix, room: Int, sequences: Int) throws(TensorError) -> T3Sequence {
    var free: T3Sequence?
    for index in idle.indices where isKnownUniquelyReferenced(&idle[index]) {
      if idle[index].cache.sequences == sequences { free = idle[index] }
    }
    let sequence: T3Sequence
    if let free {
      sequence = free
    } else {
      idle.removeAll { $0.cache.sequences != sequences }
      sequence = T3Sequence(try cache(capacity: T3Sequence.blocks(room), sequences: sequences))
      idle.append(sequence)
    }
    sequence.count = 0
    try sequence.reserve(room, on: backend)
    try sequence.cache.copy(prefix.cache, count: prefix.count, on: backend)
    sequence.count = prefix.count
    return sequence
  }

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
    let attention = CachedAttention(builder, cache: sequence.cache, rows: rows, keys: keys)
    let hidden = backbone(input, attention) { layer, weights in
      for (index, watched) in alignedHeads.enumerated() where watched.layer == layer {
        builder.output(
          "alignment \(index)", weights.slice(2, watched.head..<watched.head + 1).slice(3, 0..<1))
      }
    }
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
      alignments: alignedHeads.indices.map { graph.floats("alignment \($0)") }, keys: keys)
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
