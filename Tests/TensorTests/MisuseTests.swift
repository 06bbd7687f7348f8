import Tensor
import Testing

/// What only a mistake of ours can cause stops the program, and says what the mistake is.
@Suite("Misuse stops with a message")
struct MisuseTests {
  @Test("an input of the wrong count")
  func wrongCount() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let graph = try Graph(on: Backend()) { $0.output("y", $0.input("x", [4]) + 1) }
      graph.set("x", [1, 2, 3] as [Float])
    }
    expectMessage("input 'x' takes 4 elements, not 3", of: result)
  }

  @Test("an input that the graph has not")
  func unknownInput() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let graph = try Graph(on: Backend()) { $0.output("y", $0.input("x", [4]) + 1) }
      graph.set("z", [1] as [Float])
    }
    expectMessage("the graph has no input 'z'", of: result)
  }

  @Test("an output that the graph has not")
  func unknownOutput() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let graph = try Graph(on: Backend()) { $0.output("y", $0.input("x", [4]) + 1) }
      _ = graph.floats("z")
    }
    expectMessage("the graph has no output 'z'", of: result)
  }

  @Test("an expression that starts with a weight")
  func weightFirst() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let backend = try Backend()
      let weight = Weights(on: backend, capacity: 1).add("w", shape: [4], [1, 2, 3, 4])
      _ = try Graph(on: backend) { $0.output("y", weight + $0.input("x", [4])) }
    }
    expectMessage("a weight cannot start an expression", of: result)
  }

  @Test("a weight after the upload")
  func lateWeight() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weights = Weights(on: try Backend(), capacity: 2)
      _ = weights.add("w", shape: [1], [1])
      try weights.upload()
      _ = weights.add("late", shape: [1], [1])
    }
    expectMessage("weights are added before they are uploaded", of: result)
  }

  @Test("fewer values than a shape has")
  func fewValues() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = HostTensor(shape: [2, 3], values: [1, 2])
    }
    expectMessage("a tensor needs as many values as its shape has", of: result)
  }

  @Test("rows of other channels than a convolution's")
  func otherChannels() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let backend = try Backend()
      let weights = Weights(on: backend, capacity: 1)
      let convolution = weights.convolution("w", HostTensor(shape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6]))
      _ = try Graph(on: backend) { $0.output("y", $0.input("x", [4, 5]).convolved(convolution)) }
    }
    expectMessage("the rows have other channels than the weights", of: result)
  }
}

/// Expects that a stopped process said why.
private func expectMessage(
  _ message: String, of result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(said.contains(message), sourceLocation: sourceLocation)
}
