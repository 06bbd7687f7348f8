internal import Tensor

/// One pass of a transformer over new positions of one or several sequences, each of which sees its own new
/// positions and those in the cache.
///
/// Its graph serves every pass of as many sequences, as many new positions of each, and as many keys: where
/// the positions lie is an input. Keys beyond a sequence's last position are not looked at.
struct CachedAttention {
  /// A pass's size.
  struct Shape: Hashable {
    /// How many sequences.
    let sequences: Int
    /// New positions of each.
    let rows: Int
    /// Entries of a sequence's table: a multiple of ``block``, so that a graph lasts for a block of steps.
    let keys: Int

    static let block = 256

    /// - Parameter positions: the most that a sequence will have.
    init(sequences: Int, rows: Int, positions: Int) {
      (self.sequences, self.rows) = (sequences, rows)
      keys = (positions + Self.block - 1) / Self.block * Self.block
    }
  }

  /// Where the new positions stand in their sequences: integers [T·S].
  let positions: Tensor

  private let builder: GraphBuilder
  private let pool: KeyValuePool
  private let shape: Shape
  private let watched: [AlignedHead]
  private let destinations: Tensor
  private let table: Tensor
  private let mask: Tensor

  /// Declares a pass's inputs.
  ///
  /// - Parameters:
  ///   - builder: the pass's graph.
  ///   - pool: what new keys and values go into.
  ///   - shape: its size.
  ///   - watched: heads whose attention, [keys, T, S], becomes an output, see ``name(of:)``.
  init(_ builder: GraphBuilder, pool: KeyValuePool, shape: Shape, watched: [AlignedHead] = []) {
    (self.builder, self.pool, self.shape, self.watched) = (builder, pool, shape, watched)
    positions = builder.input("positions", [shape.rows * shape.sequences], type: .int32)
    destinations = builder.input("destinations", [shape.rows * shape.sequences], type: .int32)
    table = builder.input("table", [shape.keys, shape.sequences], type: .int32)
    // Only where something reads it does it take memory, and is it set.
    mask = builder.input("mask", [shape.keys, shape.rows, 1, shape.sequences])
  }

  /// The output of a watched head, by its place among them.
  static func name(of watched: Int) -> String { "alignment \(watched)" }

  /// Sets a graph's inputs for each sequence's next positions.
  static func place(_ graph: Graph, _ sequences: [T3Sequence], shape: Shape) {
    let positions = sequences.flatMap { $0.count..<$0.count + shape.rows }
    graph.set("positions", positions.map(Int32.init))
    graph.set(
      "destinations", sequences.flatMap { $0.table[$0.count..<$0.count + shape.rows] })
    graph.set(
      "table",
      sequences.flatMap { sequence in
        let known = sequence.table.prefix(shape.keys)
        return known + [Int32](repeating: 0, count: shape.keys - known.count)
      })
    guard graph.reads("mask") else { return }
    graph.set(
      "mask",
      positions.flatMap { position in (0..<shape.keys).map { $0 <= position ? 0 : -Float.infinity } })
  }

  /// Softmax attention of a layer: [D, heads, T·S] each → [C, T·S].
  func callAsFunction(_ queries: Tensor, _ newKeys: Tensor, _ newValues: Tensor, layer: Int) -> Tensor {
    let rows = [pool.channels, shape.rows * shape.sequences]
    let keys = builder.store(newKeys.reshaped(rows), in: pool.keys(layer), rows: destinations)
    let values = builder.store(newValues.reshaped(rows), in: pool.values(layer), rows: destinations)
    for (index, head) in watched.enumerated() where head.layer == layer {
      builder.output(Self.name(of: index), weights(of: queries, keys, head: head.head))
    }
    return builder.cachedAttention(
      queries, keys: keys, values: values, table: table, positions: positions, mask: { mask })
  }

  /// What a single head looks at, [keys, T, S].
  private func weights(of queries: Tensor, _ keys: Tensor, head: Int) -> Tensor {
    let channels = queries.size(0)
    let query = queries.slice(1, head..<head + 1).contiguous()
      .reshaped([channels, shape.rows, 1, shape.sequences])
    let rows = table.reshaped([shape.keys * shape.sequences])
      .rows(of: keys.slice(0, head * channels..<(head + 1) * channels))
      .reshaped([channels, shape.keys, 1, shape.sequences])
    return query.matrixProduct(rows).softmax(scale: 1 / Float(channels).squareRoot(), mask: mask)
  }
}
