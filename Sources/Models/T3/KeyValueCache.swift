internal import Tensor

/// The keys and values of the positions that a transformer has seen, so that none is computed twice.
///
/// A layer's keys are rows by position, [C, N, B], as a query's scores read them; its values are rows by
/// channel, [N, C, B], as their weighted sum reads them. B counts sequences side by side: two for guidance.
final class KeyValueCache {
  let channels: Int
  let layers: Int
  let sequences: Int
  /// The most positions.
  let capacity: Int
  private let state: State

  init(
    on backend: Backend, layers: Int, channels: Int, capacity: Int, sequences: Int
  ) throws(TensorError) {
    (self.layers, self.channels, self.capacity, self.sequences) = (layers, channels, capacity, sequences)
    let shapes = [[channels, capacity, sequences], [capacity, channels, sequences]]
    state = try State(on: backend, shapes: (0..<layers).flatMap { _ in shapes })
  }

  var byteCount: Int { state.byteCount }

  func keys(_ layer: Int) -> Tensor { state.tensors[2 * layer] }

  func values(_ layer: Int) -> Tensor { state.tensors[2 * layer + 1] }

  /// Takes the first `count` positions from another cache; a single sequence becomes every one here.
  func copy(_ other: KeyValueCache, count: Int, on backend: Backend) throws(TensorError) {
    let graph = try Graph(on: backend) { builder in
      for layer in 0..<layers {
        for sequence in 0..<sequences {
          let source = other.sequences == 1 ? 0 : sequence
          for (from, to, positions) in [
            (other.keys(layer), keys(layer), 1), (other.values(layer), values(layer), 0),
          ] {
            _ = builder.store(
              builder.use(from).slice(positions, 0..<count).slice(2, source..<source + 1),
              in: builder.use(to).slice(positions, 0..<count).slice(2, sequence..<sequence + 1))
          }
        }
      }
    }
    try graph.compute()
  }
}
