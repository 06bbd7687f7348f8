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

  /// Root mean square normalisation over the fastest dimension, scaled.
  ///
  /// Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.
  public func rmsNorm(_ scale: Tensor, epsilon: Float) -> Tensor {
    node(ggml_rms_norm(graph.context, pointer, epsilon)) * scale
  }

  /// Rotary positions over [D, H, T], each half of a head's elements paired with the other, as in Llama.
  ///
  /// Source: Su et al., "RoFormer", 2021; `apply_rotary_pos_emb` in transformers' `modeling_llama.py`.
  ///
  /// - Parameters:
  ///   - positions: integers [T].
  ///   - base: θ.
  ///   - frequencyDivisors: [D / 2], what every frequency is divided by, as Llama 3's scaling does.
  public func rotated(_ positions: Tensor, base: Float, frequencyDivisors: Tensor? = nil) -> Tensor {
    node(
      ggml_rope_ext(
        graph.context, pointer, positions.pointer, frequencyDivisors?.pointer, Int32(size(0)),
        GGML_ROPE_TYPE_NEOX, 0, base, 1, 0, 1, 0, 0))
  }

  /// A two-dimensional convolution: [W, H, I] → [W′, H′, O], with PyTorch's weight [O, I, KH, KW] as
  /// [KW, KH, I, O].
  ///
  /// - Parameters:
  ///   - weight: the kernels.
  ///   - stride: steps along W and H.
  ///   - padding: zeros on each side along W and H.
  public func convolved2D(
    _ weight: Tensor, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0)
  ) -> Tensor {
    node(
      ggml_conv_2d(
        graph.context, weight.pointer, pointer, Int32(stride.0), Int32(stride.1), Int32(padding.0),
        Int32(padding.1), 1, 1))
  }
}
