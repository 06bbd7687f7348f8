internal import Tensor

/// One pass of a transformer over new positions, which see themselves and those in a cache.
///
/// Its graph serves every pass of as many new positions and as many keys: where the positions lie is an
/// input. Keys beyond the last position are masked, so that a step's graph lasts for a block of steps.
struct CachedAttention {
  /// Where the new positions lie: integers [T].
  let positions: Tensor

  private let builder: GraphBuilder
  private let cache: KeyValueCache
  private let rows: Int
  private let keys: Int
  private let watched: [AlignedHead]
  private let valueElements: Tensor
  private let mask: Tensor

  /// Declares a pass's inputs.
  ///
  /// - Parameters:
  ///   - builder: the pass's graph.
  ///   - cache: what new keys and values go into.
  ///   - rows: new positions.
  ///   - keys: how many of the cache's positions are looked at, new ones included.
  ///   - watched: heads whose attention in the first sequence, [keys, T], becomes an output, see ``name(of:)``.
  init(
    _ builder: GraphBuilder, cache: KeyValueCache, rows: Int, keys: Int, watched: [AlignedHead] = []
  ) {
    (self.builder, self.cache, self.rows, self.keys) = (builder, cache, rows, keys)
    self.watched = watched
    positions = builder.input("positions", [rows], type: .int32)
    valueElements = builder.input("value elements", [cache.channels * rows], type: .int32)
    mask = builder.input("mask", [keys, rows])
  }

  /// The output of a watched head, by its place among them.
  static func name(of watched: Int) -> String { "alignment \(watched)" }

  /// Sets a graph's inputs for new positions from `first` on.
  static func place(_ graph: Graph, first: Int, rows: Int, keys: Int, cache: KeyValueCache) {
    let positions = first..<first + rows
    graph.set("positions", positions.map(Int32.init))
    graph.set(
      "value elements",
      positions.flatMap { position in
        (0..<cache.channels).map { Int32($0 * cache.capacity + position) }
      })
    graph.set(
      "mask",
      positions.flatMap { position in
        (0..<keys).map { $0 <= position ? 0 : -Float.infinity }
      })
  }

  /// Softmax attention of a layer: [D, heads, T, B] each → [C, T, B].
  func callAsFunction(_ queries: Tensor, _ newKeys: Tensor, _ newValues: Tensor, layer: Int) -> Tensor {
    let (channels, sequences) = (cache.channels, cache.sequences)
    let keys = builder.store(
      newKeys.reshaped([channels, rows, sequences]), in: cache.keys(layer), rows: positions)
    // Values stand with the position as the fastest dimension, so every element is a row of its own.
    let values = builder.store(
      newValues.reshaped([1, channels * rows, sequences]),
      in: builder.use(cache.values(layer)).reshaped([1, channels * cache.capacity, sequences]),
      rows: valueElements
    ).reshaped([cache.capacity, channels, sequences])
    if rows == 1, builder.hasStepAttention, !watched.contains(where: { $0.layer == layer }) {
      return builder.stepAttention(queries, keys: keys, values: values, position: positions)
    }
    return attend(queries, keys, values, layer: layer)
  }

  private func attend(_ queries: Tensor, _ allKeys: Tensor, _ allValues: Tensor, layer: Int) -> Tensor {
    let (headChannels, heads, sequences) = (queries.size(0), queries.size(1), cache.sequences)
    let keyRows = allKeys.reshaped([headChannels, heads, cache.capacity, sequences])
      .slice(2, 0..<keys).permuted([0, 2, 1])
    let valueRows = allValues.reshaped([cache.capacity, headChannels, heads, sequences]).slice(0, 0..<keys)
    let weights = queries.permuted([0, 2, 1]).matrixProduct(keyRows)
      .softmax(scale: 1 / Float(headChannels).squareRoot(), mask: mask)
    for (index, head) in watched.enumerated() where head.layer == layer {
      builder.output(Self.name(of: index), weights.slice(2, head.head..<head.head + 1).slice(3, 0..<1))
    }
    return weights.matrixProduct(valueRows).permuted([0, 2, 1]).contiguous()
      .reshaped([cache.channels, rows, sequences])
  }
}
