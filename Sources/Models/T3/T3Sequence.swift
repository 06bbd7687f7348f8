internal import Tensor

/// The KV cache of a speech, with the graph of its next step.
final class T3Sequence {
  /// Positions that are taken in.
  var count = 0
  private(set) var cache: KeyValueCache
  /// The graphs of a step, by the keys that they look at.
  var steps = GraphCache<Int>(capacity: 2)

  /// Positions are masked rather than left out, up to a multiple of this, so that a graph serves many steps.
  static let block = 256

  init(_ cache: KeyValueCache) {
    self.cache = cache
  }

  static func blocks(_ positions: Int) -> Int { (positions + block - 1) / block * block }

  /// Makes room for positions up to `positions`, keeping those that are taken in.
  func reserve(_ positions: Int, on backend: Backend) throws(TensorError) {
    guard positions > cache.capacity else { return }
    let larger = try KeyValueCache(
      on: backend, layers: cache.layers, channels: cache.channels, capacity: Self.blocks(positions),
      sequences: cache.sequences)
    if count > 0 { try larger.copy(cache, count: count, on: backend) }
    cache = larger
    // The graphs were built on the old cache.
    steps = GraphCache(capacity: 2)
  }
}
