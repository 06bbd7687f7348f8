import CGGML

// Matrix products and normalisation.
extension Tensor {
  /// The product of every row with a matrix: [I, T] with a weight [I, O] gives [O, T].
  ///
  /// Further dimensions are batches; the weight's are repeated over this tensor's.
  public func matrixProduct(_ weight: Tensor) -> Tensor {
    node(ggml_mul_mat(graph.context, weight.pointer, pointer))
  }

  /// A linear layer: the product with `weight` [I, O] plus `bias` [O].
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let product = matrixProduct(weight)
    return bias.map { product + $0 } ?? product
  }

  /// Layer normalisation over the fastest dimension, scaled and shifted.
  ///
  /// Source: Ba et al., "Layer Normalization", 2016.
  public func layerNorm(_ scale: Tensor, _ shift: Tensor, epsilon: Float = 1e-5) -> Tensor {
    node(ggml_norm(graph.context, pointer, epsilon)) * scale + shift
  }
}
