internal import Tensor

/// The keys and values of all speeches under way and of the voices that they start from, so that none is
/// computed twice.
///
/// A position takes a row in every layer's two tables, [C, N]. Which rows a sequence has, it says itself, so
/// that sequences share a voice's rows and leave theirs to the next one when they end.
///
/// Source: Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention",
/// 2023, with pages of one position.
final class KeyValuePool {
  /// Positions that all sequences together have room for, where that much memory is to be had.
  private static let mostPositions = 32_768
  private static let fewestPositions = 2_048

  let layers: Int
  let channels: Int
  /// How many positions there is room for.
  let positions: Int
  private let state: State
  /// Rows that nobody has, the highest first.
  private var free: [Int32]

  /// - Parameter type: of the elements.
  init(on backend: Backend, layers: Int, channels: Int, type: ElementType) throws(TensorError) {
    (self.layers, self.channels) = (layers, channels)
    // The system gives memory when it is touched; a GPU gives all of it at once.
    var positions = backend.device.kind == .cpu ? Self.mostPositions : Self.mostPositions / 4
    while true {
      do throws(TensorError) {
        state = try State(
          on: backend, shapes: [[Int]](repeating: [channels, positions], count: 2 * layers), type: type,
          isZeroed: !backend.hasCachedAttention(headChannels: T3Configuration.headChannels))
        break
      } catch {
        guard positions > Self.fewestPositions else { throw error }
        positions /= 2
      }
    }
    self.positions = positions
    free = (0..<Int32(positions)).reversed()
  }

  func keys(_ layer: Int) -> Tensor { state.tensors[2 * layer] }

  func values(_ layer: Int) -> Tensor { state.tensors[2 * layer + 1] }

  /// Bytes that a position takes in all layers.
  var bytesPerPosition: Int { state.byteCount / positions }

  /// How many positions are free.
  var room: Int { free.count }

  /// Rows for `count` positions, the lowest that are free; `nil` when there are not as many.
  func take(_ count: Int) -> PoolRows? {
    guard count <= free.count else { return nil }
    let rows = Array(free.suffix(count).reversed())
    free.removeLast(count)
    return PoolRows(rows, of: self)
  }

  fileprivate func giveBack(_ rows: [Int32]) {
    free = (free + rows).sorted(by: >)
  }
}

/// Rows of a pool that somebody has; they go back when nobody holds this any more.
final class PoolRows {
  let rows: [Int32]
  let pool: KeyValuePool

  fileprivate init(_ rows: [Int32], of pool: KeyValuePool) {
    (self.rows, self.pool) = (rows, pool)
  }

  deinit { pool.giveBack(rows) }
}
