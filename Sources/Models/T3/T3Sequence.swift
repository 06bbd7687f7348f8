/// One row of text and speech on its way through the network: where its positions lie in the pool.
final class T3Sequence {
  /// Positions that are taken in.
  var count: Int
  /// Where they and those to come lie: the prefix's rows, then its own.
  let table: [Int32]
  private let held: [PoolRows]

  /// A sequence that starts with a prefix, which it shares, and goes on in rows of its own.
  init(from prefix: T3Prefix, own: PoolRows) {
    held = [prefix.rows, own]
    table = prefix.rows.rows + own.rows
    count = prefix.count
  }

  /// A condition on its way to be a prefix.
  init(condition: PoolRows) {
    held = [condition]
    (table, count) = (condition.rows, 0)
  }

  /// The most positions.
  var capacity: Int { table.count }
}
