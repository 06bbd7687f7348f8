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
  let pool: KeyValuePool
  /// The graphs of steps, by their sizes.
  var steps = GraphCache<CachedAttention.Shape>(capacity: 12)

  /// Loads a model onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `t3_cfg`, `t3_turbo_v1`, `t3_nano_v1`, `t3_mtl23ls_v2` or another of their kinds.
  ///   - backend: where it runs.
  ///   - matrixType: how the matrices are stored. With fewer than 32 bits, keys and values are kept in 16.
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
    pool = try KeyValuePool(
      on: backend, layers: configuration.layers, channels: configuration.channels,
      type: matrixType == .float32 ? .float32 : .float16)
  }

  /// The bytes that the weights take on the device.
  package var weightBytes: Int { weights.byteCount }
  /// The bytes of the matrices that a step reads, mapped ones included.
  package var matrixBytes: Int { weights.matrixByteCount }
  /// The bytes of the keys and values that a speech's next step reads.
  package func cacheBytes(of generation: T3Generation) -> Int {
    generation.sequences.reduce(0) { $0 + $1.count } * pool.bytesPerPosition
  }
}
