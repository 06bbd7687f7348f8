internal import Tensor

/// A convolution whose channels are turned down by what the whole recording, and the second around, is like.
///
/// Source: Wang et al., "CAM++", 2023, section 2.2; `CAMLayer` in the reference's `xvector.py`.
struct ContextMask {
  private let local: Convolution
  private let narrow: Convolution
  private let wide: Convolution

  init(_ reader: CheckpointReader, from inputs: Int, to outputs: Int, dilation: Int) throws(TensorError) {
    local = try reader["linear_local"].convolution(
      from: inputs, to: outputs, taps: 3, ConvolutionOptions(dilation: dilation))
    narrow = try reader["linear1"].convolution(from: inputs, to: inputs / 2, taps: 1)
    wide = try reader["linear2"].convolution(from: inputs / 2, to: outputs, taps: 1)
  }

  func callAsFunction(_ rows: Tensor, _ segments: Segments) -> Tensor {
    let mask = segments.context(of: rows).convolved(narrow).relu().convolved(wide).sigmoid()
    return rows.convolved(local) * segments.spread(mask)
  }
}

/// The hundreds of rows that share a context; the last may be shorter.
struct Segments {
  private static let length = 100

  private let averages: Tensor
  private let owners: Tensor

  /// - Parameter rows: T, of which there are S = T / 100 segments, rounded up.
  init(_ builder: GraphBuilder, rows: Int) {
    averages = builder.input("averages", [rows, Self.count(rows)])
    owners = builder.input("owners", [rows], type: .int32)
  }

  /// Sets a graph's inputs.
  static func place(_ graph: Graph, rows: Int) {
    graph.set(
      "averages",
      (0..<count(rows)).flatMap { segment in
        let range = segment * length..<min((segment + 1) * length, rows)
        return (0..<rows).map { 1 / Float(rows) + (range.contains($0) ? 1 / Float(range.count) : 0) }
      })
    graph.set("owners", (0..<rows).map { Int32($0 / length) })
  }

  /// The mean of all rows plus that of every segment's: [C, T] → [C, S].
  func context(of rows: Tensor) -> Tensor {
    averages.matrixProduct(rows.permuted([1, 0]).contiguous())
  }

  /// A row for every segment, repeated for every row that it has: [C, S] → [C, T].
  func spread(_ rows: Tensor) -> Tensor { owners.rows(of: rows) }

  private static func count(_ rows: Int) -> Int { (rows + length - 1) / length }
}
