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
  let embeddings: T3Embeddings
  let conditionEncoder: ConditionEncoder
  let backbone: any T3Backbone
  let head: Linear
  let alignedHeads: [AlignedHead]
  /// The KV caches of speeches under way, and of one that is over, for the next.
  private(set) var sequences: [T3Sequence] = []

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
    weights = Weights(
      on: backend, capacity: 64 + 24 * configuration.layers, matrixType: matrixType,
      keptBeside: checkpoint)
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

// The caches.
extension T3 {
  /// A sequence that starts with a prefix, in the memory of one that no generation holds any more.
  func sequence(from prefix: T3Prefix, room: Int, rows: Int) throws(TensorError) -> T3Sequence {
    precondition(
      prefix.cache.layers == configuration.layers && prefix.cache.channels == configuration.channels,
      "the prefix is another model's")
    let sequence: T3Sequence
    if let idle = idleSequence(rows: rows) {
      sequence = idle
    } else {
      sequence = T3Sequence(try cache(capacity: T3Sequence.blocks(room), sequences: rows))
    }
    sequences.append(sequence)
    sequence.count = 0
    try sequence.reserve(room, on: backend)
    try sequence.cache.copy(prefix.cache, count: prefix.count, on: backend)
    sequence.count = prefix.count
    return sequence
  }

  /// Takes out all that no generation holds, and returns one of them that fits.
  private func idleSequence(rows: Int) -> T3Sequence? {
    var idle: T3Sequence?
    for index in sequences.indices.reversed() where isKnownUniquelyReferenced(&sequences[index]) {
      let sequence = sequences.remove(at: index)
      if sequence.cache.sequences == rows { idle = sequence }
    }
    return idle
  }

  func cache(capacity: Int, sequences: Int) throws(TensorError) -> KeyValueCache {
    try KeyValueCache(
      on: backend, layers: configuration.layers, channels: configuration.channels, capacity: capacity,
      sequences: sequences)
  }
}
