/// A voice's condition as T3 has taken it in: every text of that voice starts from here.
///
/// It holds the condition's keys and values on the device, and belongs to the ``T3`` that made it.
package final class T3Prefix {
  let rows: PoolRows
  /// Positions that the condition takes.
  package var count: Int { rows.rows.count }

  init(_ rows: PoolRows) {
    self.rows = rows
  }
}
