internal import Tensor

/// One pass of a transformer over new positions, which see themselves and those in a cache.
///
/// Its graph serves every pass of as many new positions and as many keys: where the positions lie is an
/// input. Keys beyond the last position are masked, so that a step's graph lasts for a block of steps.
struct CachedAttention {
  let builder: GraphBuilder
  let cache: KeyValueCache
  /// New positions.
  let rows: Int
  /// How many of the cache's positions are looked at, new ones included.
  let keys: Int
  /// Where the new positions lie: integers [T].
  let positions: Tensor
  private let valueElements: Tensor
  private let mask: Tensor

  init(_ builder: GraphBuilder, cache: KeyValueCache, rows: Int, keys: Int) {
    (self.builder, self.cache, self.rows, self.keys) = (builder, cache, rows, keys)
    positions = builder.input("positions", [rows], type: .int32)
    valueElements = builder.input("value elements", [cache.channels * rows], type: .int32)
    mask = builder.input("mask", [keys, rows])
  }

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

  /// Softmax attention of a layer, [C, T, B] each → [C, T, B], and its weights [keys, T, heads, B].
  ///
  /// - Parameters:
  ///   - queries: [D, heads, T, B], and so `newKeys` and `newValues`.
  ///   - layer: whose cache it is.
  func callAsFunction(
    _ queries: Tensor, _ newKeys: Tensor, _ newValues: Tensor, layer: Int
  ) -> (output: Tensor, weights: Tensor) {
    let (headChannels, heads, sequences) = (queries.size(0), queries.size(1), cache.sequences)
    let allKeys = builder.store(
      newKeys.reshaped([cache.channels, rows, sequences]), in: cache.keys(layer), rows: positions
    )
    .reshaped([headChannels, heads, cache.capacity, sequences]).slice(2, 0..<keys).permuted([0, 2, 1])
    // Values stand with the position as the fastest dimension, so every element is a row of its own.
    let allValues = builder.store(
      newValues.reshaped([1, cache.channels * rows, sequences]),
      in: builder.use(cache.values(layer)).reshaped([1, cache.channels * cache.capacity, sequences]),
      rows: valueElements
    )
    .reshaped([cache.capacity, headChannels, heads, sequences]).slice(0, 0..<keys)
    let scores = queries.permuted([0, 2, 1]).matrixProduct(allKeys)
    let weights = scores.softmax(scale: 1 / Float(headChannels).squareRoot(), mask: mask)
    let attended = weights.matrixProduct(allValues).permuted([0, 2, 1]).contiguous()
    return (attended.reshaped([cache.channels, rows, sequences]), weights)
  }
}
