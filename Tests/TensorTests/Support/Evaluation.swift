import Tensor
import Testing

/// Computes one expression of tensors that hold `inputs`, on a backend of its own.
func evaluate(
  _ inputs: [Values], on engine: Engine = .ggml, _ expression: ([Tensor]) -> Tensor
) throws -> Values {
  let backend = try engine.backend()
  var shape: [Int] = []
  let graph = try Graph(on: backend) { builder in
    let tensors = inputs.enumerated().map { builder.input("\($0)", $1.shape) }
    let result = expression(tensors)
    shape = result.shape
    builder.output("result", result)
  }
  for (index, input) in inputs.enumerated() { graph.set("\(index)", input.elements) }
  try graph.compute()
  return Values(shape, graph.floats("result"))
}

/// What computes a graph.
enum Engine: Hashable, Sendable, CaseIterable {
  /// Our CPU kernels on one thread.
  case oneThread
  /// Our CPU kernels on two threads.
  case twoThreads
  /// ggml's operations only, as on other devices.
  case ggml

  func backend() throws -> Backend {
    switch self {
    case .oneThread: try Backend(threads: 1)
    case .twoThreads: try Backend(threads: 2)
    case .ggml: try Backend(threads: 2, ownKernels: false)
    }
  }
}

/// Expects equal shapes, and elements that differ by no more than rounding.
///
/// - Parameter tolerance: relative to the expected element, or absolute where that is below 1.
func expectNear(
  _ actual: Values, _ expected: Values, tolerance: Float = 1e-5, _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let shapes = [actual.shape, expected.shape].map { shape in
    Array(shape.reversed().drop { $0 == 1 }.reversed())
  }
  #expect(shapes[0] == shapes[1], comment(), sourceLocation: sourceLocation)
  guard shapes[0] == shapes[1] else { return }
  let wrong = actual.elements.indices.first { index in
    let (ours, theirs) = (actual.elements[index], expected.elements[index])
    return ours != theirs && !(abs(ours - theirs) <= tolerance * max(1, abs(theirs)))
  }
  let report = wrong.map { "element \($0) is \(actual.elements[$0]), expected \(expected.elements[$0])" }
  #expect(report == nil, comment(), sourceLocation: sourceLocation)
}
