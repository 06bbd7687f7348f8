import CGGML

// Looking at the same elements in another way, and moving them.
extension Tensor {
  /// The same elements in another shape. The tensor must be contiguous.
  public func reshaped(_ shape: [Int]) -> Tensor {
    let sizes = (0..<4).map { $0 < shape.count ? Int64(shape[$0]) : 1 }
    return node(ggml_reshape_4d(graph.context, pointer, sizes[0], sizes[1], sizes[2], sizes[3]))
  }

  /// The dimensions in another order: `order[i]` is where dimension `i` goes. No copy.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = (0..<4).map { Int32($0 < order.count ? order[$0] : $0) }
    return node(ggml_permute(graph.context, pointer, axes[0], axes[1], axes[2], axes[3]))
  }

  /// A copy with its elements in order.
  public func contiguous() -> Tensor { node(ggml_cont(graph.context, pointer)) }

  /// Elements `range` of a dimension. No copy.
  public func slice(_ dimension: Int, _ range: Range<Int>) -> Tensor {
    precondition(
      stride(0) == ggml_type_size(pointer.pointee.type), "a permuted tensor is sliced after contiguous()")
    var shape = (0..<4).map(size)
    shape[dimension] = range.count
    return view(shape, strides: (1..<4).map(stride), offset: range.lowerBound * stride(dimension))
  }

  /// A view of any shape: `strides` (bytes) for dimensions 1, 2 and 3, `offset` in bytes.
  func view(_ shape: [Int], strides: [Int], offset: Int) -> Tensor {
    let sizes = (0..<4).map { $0 < shape.count ? Int64(shape[$0]) : 1 }
    return node(
      ggml_view_4d(
        graph.context, pointer, sizes[0], sizes[1], sizes[2], sizes[3],
        strides[0], strides[1], strides[2], offset))
  }

  /// This tensor followed by another along a dimension.
  public func concatenated(_ other: Tensor, along dimension: Int) -> Tensor {
    node(ggml_concat(graph.context, pointer, other.pointer, Int32(dimension)))
  }

  /// Zeros before and after, along dimension 0 or 1.
  public func padded(_ dimension: Int, before: Int, after: Int) -> Tensor {
    let pads: (Int32, Int32) = (Int32(before), Int32(after))
    return dimension == 0
      ? node(ggml_pad_ext(graph.context, pointer, pads.0, pads.1, 0, 0, 0, 0, 0, 0))
      : node(ggml_pad_ext(graph.context, pointer, 0, 0, pads.0, pads.1, 0, 0, 0, 0))
  }

  /// The sum over the fastest dimension: [C, T] → [1, T].
  public func sumOfRows() -> Tensor { node(ggml_sum_rows(graph.context, pointer)) }

  /// Running sums along the fastest dimension.
  public func cumulativeSum() -> Tensor { node(ggml_cumsum(graph.context, pointer)) }

  /// Repeated to the shape of another tensor.
  public func repeated(like other: Tensor) -> Tensor {
    node(ggml_repeat(graph.context, pointer, other.pointer))
  }

  /// The rows of `table` [C, N] that these indices [T] name: [C, T].
  public func rows(of table: Tensor) -> Tensor {
    node(ggml_get_rows(graph.context, table.pointer, pointer))
  }
}

extension Tensor {
  /// The elements read with rows of another length than they were written with: row i starts `row`
  /// elements after row i − 1, batch b `batch` elements after batch b − 1, the first at element `first`.
  public func skewed(_ shape: [Int], row: Int, batch: Int, first: Int) -> Tensor {
    let element = MemoryLayout<Float>.size
    return view(shape, strides: [row * element, batch * element, batch * element], offset: first * element)
  }
}
