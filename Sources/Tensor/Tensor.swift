import CGGML

/// A tensor in a graph, or a weight: a handle to what ggml will compute.
///
/// Shapes list the fastest dimension first, as ggml does: a sequence of T rows of C channels is `[C, T]`,
/// which is PyTorch's `[T, C]`. All networks here are channels-last, so that a row is one position.
public struct Tensor {
  let pointer: UnsafeMutablePointer<ggml_tensor>
  let builder: GraphBuilder?

  /// The sizes, fastest first, without trailing ones.
  public var shape: [Int] {
    let sizes = [pointer.pointee.ne.0, pointer.pointee.ne.1, pointer.pointee.ne.2, pointer.pointee.ne.3]
    let rank = max(1, (sizes.lastIndex { $0 != 1 } ?? 0) + 1)
    return sizes.prefix(rank).map(Int.init)
  }

  /// The size of one dimension, 0 the fastest.
  public func size(_ dimension: Int) -> Int {
    let sizes = pointer.pointee.ne
    return Int([sizes.0, sizes.1, sizes.2, sizes.3][dimension])
  }

  /// The number of elements.
  public var count: Int { Int(ggml_nelements(pointer)) }

  /// Bytes from one element of a dimension to the next.
  func stride(_ dimension: Int) -> Int {
    let strides = pointer.pointee.nb
    return [strides.0, strides.1, strides.2, strides.3][dimension]
  }

  /// The graph that this tensor is part of.
  var graph: GraphBuilder {
    guard let builder else {
      preconditionFailure("a weight cannot start an expression: write input.linear(weight), not the reverse")
    }
    return builder
  }

  /// The same graph with a new node.
  func node(_ pointer: UnsafeMutablePointer<ggml_tensor>?) -> Tensor {
    guard let pointer else { preconditionFailure("ggml made no node: the graph's context is too small") }
    return Tensor(pointer: pointer, builder: graph)
  }
}
