/// x + sin²(αx) / α, with an α of its own for every channel.
///
/// Before a convolution it costs no pass of its own: ``Tensor/convolved(_:slope:snake:adding:)``.
///
/// Source: Ziyin et al., "Neural Networks Fail to Learn Periodic Functions and How to Fix It", 2020.
public struct Snake {
  /// The αs, then their inverses, [C, 2].
  let parameters: Tensor
}

extension Weights {
  /// Declares Snake for as many channels as there are αs.
  ///
  /// - Parameters:
  ///   - name: the checkpoint's key.
  ///   - alpha: one a channel, not logarithms.
  public func snake(_ name: String, alpha: [Float]) -> Snake {
    // The small number is the reference's, against an α of 0.
    Snake(parameters: add(name, shape: [alpha.count, 2], alpha + alpha.map { 1 / ($0 + 1e-9) }))
  }
}

extension Tensor {
  /// Snake of every element, [C, T].
  public func activated(by snake: Snake) -> Tensor {
    let parameters = graph.use(snake.parameters)
    return self + (self * parameters.slice(1, 0..<1)).sine().squared() * parameters.slice(1, 1..<2)
  }
}
