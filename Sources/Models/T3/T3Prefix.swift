internal import Tensor

/// A voice's condition as T3 has taken it in: every text of that voice starts from here.
///
/// It holds the condition's keys and values on the device, and belongs to the ``T3`` that made it.
package final class T3Prefix {
  let cache: KeyValueCache
  /// Positions that the condition takes.
  package let count: Int

  init(_ cache: KeyValueCache, count: Int) {
    (self.cache, self.count) = (cache, count)
  }

  /// The bytes that it takes on the device.
  package var byteCount: Int { cache.byteCount }
}
