import CGGML

// Arithmetic. The right operand is repeated where it is smaller: a bias [C] over [C, T].
extension Tensor {
  /// Sum, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    a.node(ggml_add(a.graph.context, a.pointer, b.pointer))
  }

  /// Difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    a.node(ggml_sub(a.graph.context, a.pointer, b.pointer))
  }

  /// Product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.node(ggml_mul(a.graph.context, a.pointer, b.pointer))
  }

  /// Quotient, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    a.node(ggml_div(a.graph.context, a.pointer, b.pointer))
  }

  /// Every element times `b`.
  public static func * (a: Tensor, b: Float) -> Tensor {
    a.node(ggml_scale(a.graph.context, a.pointer, b))
  }

  /// Every element plus `b`.
  public static func + (a: Tensor, b: Float) -> Tensor {
    a.node(ggml_scale_bias(a.graph.context, a.pointer, 1, b))
  }

  /// Every element minus `b`.
  public static func - (a: Tensor, b: Float) -> Tensor { a + -b }

  /// Every element negated.
  public static prefix func - (a: Tensor) -> Tensor {
    a.node(ggml_neg(a.graph.context, a.pointer))
  }

  /// Every element squared.
  public func squared() -> Tensor { node(ggml_sqr(graph.context, pointer)) }

  /// The square root of every element.
  public func squareRoot() -> Tensor { node(ggml_sqrt(graph.context, pointer)) }

  /// e to the power of every element.
  public func exponential() -> Tensor { node(ggml_exp(graph.context, pointer)) }

  /// The natural logarithm of every element.
  public func logarithm() -> Tensor { node(ggml_log(graph.context, pointer)) }

  /// The sine of every element.
  public func sine() -> Tensor { node(ggml_sin(graph.context, pointer)) }

  /// The cosine of every element.
  public func cosine() -> Tensor { node(ggml_cos(graph.context, pointer)) }

  /// Every element without its sign.
  public func magnitude() -> Tensor { node(ggml_abs(graph.context, pointer)) }

  /// 1 where an element is above zero, else 0.
  public func step() -> Tensor { node(ggml_step(graph.context, pointer)) }

  /// Every element kept within bounds.
  public func clamped(_ lower: Float, _ upper: Float) -> Tensor {
    // ggml clamps in place; a copy keeps the original usable.
    node(ggml_clamp(graph.context, ggml_dup(graph.context, pointer), lower, upper))
  }
}

// Activations.
extension Tensor {
  /// max(x, 0).
  public func relu() -> Tensor { node(ggml_relu(graph.context, pointer)) }

  /// x above zero, `slope`·x below.
  public func leakyReLU(_ slope: Float) -> Tensor {
    node(ggml_leaky_relu(graph.context, pointer, slope, false))
  }

  /// x·sigmoid(x), also called swish.
  public func silu() -> Tensor { node(ggml_silu(graph.context, pointer)) }

  /// x above zero, eˣ − 1 below.
  public func elu() -> Tensor { node(ggml_elu(graph.context, pointer)) }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor { node(ggml_tanh(graph.context, pointer)) }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor { node(ggml_sigmoid(graph.context, pointer)) }

  /// log(1 + eˣ).
  public func softplus() -> Tensor { node(ggml_softplus(graph.context, pointer)) }

  /// Softmax over the fastest dimension, of `scale` times the elements plus a mask.
  ///
  /// - Parameters:
  ///   - scale: multiplies the elements first.
  ///   - mask: added after that, [keys, queries]: 0 where a query may look, −infinity where not.
  public func softmax(scale: Float = 1, mask: Tensor? = nil) -> Tensor {
    node(ggml_soft_max_ext(graph.context, pointer, mask?.pointer, scale, 0))
  }
}
