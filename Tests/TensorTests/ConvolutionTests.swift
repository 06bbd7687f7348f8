import Tensor
import Testing

@Suite("A convolution equals its definition, with our kernels and without")
struct ConvolutionTests {
  static let channels = [1, 3, 16, 29, 32, 33, 64, 192]

  /// Three thousand rows make many parts; wide channels over few rows make parts of channels.
  static let large: [ConvolutionCase] = [
    ConvolutionCase(inputs: 1, outputs: 32, taps: 7, rows: 3_000),
    ConvolutionCase(inputs: 3, outputs: 192, hasResidual: true, rows: 3_000),
    ConvolutionCase(inputs: 192, outputs: 192, taps: 5, slope: 0.1, rows: 3_000),
    ConvolutionCase(inputs: 192, outputs: 1, taps: 7, slope: 0.1, rows: 3_000),
    ConvolutionCase(inputs: 33, outputs: 29, taps: 4, stride: 2, padding: 0, rows: 3_000),
    ConvolutionCase(inputs: 64, outputs: 64, taps: 11, dilation: 5, hasResidual: true, slope: 0, rows: 3_000),
    ConvolutionCase(inputs: 16, outputs: 33, stride: 3, padding: 7, hasBias: false, rows: 3_000),
    ConvolutionCase(inputs: 192, outputs: 192, taps: 7, hasResidual: true, rows: 100),
    ConvolutionCase(inputs: 192, outputs: 161, taps: 7, rows: 100),
    ConvolutionCase(inputs: 192, outputs: 64, taps: 8, rows: 100),
    ConvolutionCase(inputs: 2_048, outputs: 40, taps: 3, dilation: 2, rows: 100),
  ]

  @Test("for every pair of widths, in every walk", arguments: channels, channels)
  func everyWidth(inputs: Int, outputs: Int) throws {
    var generator = SeededGenerator(seed: UInt64(inputs * 1_000 + outputs))
    func pick<Value>(_ values: Value...) -> Value { values[Int(generator.next() % UInt64(values.count))] }
    for rows in [1, 5, 13, 100] {
      var test = ConvolutionCase(inputs: inputs, outputs: outputs, rows: rows)
      repeat {
        test.taps = pick(1, 2, 3, 5, 7, 8)
        test.stride = pick(1, 1, 2, 3)
        test.dilation = pick(1, 2, 3, 5)
        test.padding = pick(nil, 0, 1, 4)
      } while !test.isPossible
      test.hasBias = pick(true, false)
      test.hasResidual = pick(true, false)
      test.slope = pick(0, 0.1, 1)
      try check(test)
    }
  }

  @Test("for many rows, and for parts of channels", arguments: large)
  func manyRows(test: ConvolutionCase) throws {
    try check(test)
  }

  @Test("when the padding is wider than the input, an output may see only zeros")
  func widePadding() throws {
    try check(ConvolutionCase(inputs: 3, outputs: 5, taps: 2, padding: 9, rows: 1))
  }

  @Test("of a slice of channels, whose rows do not follow each other", arguments: Engine.allCases)
  func slicedInput(engine: Engine) throws {
    let test = ConvolutionCase(inputs: 16, outputs: 8, taps: 1, hasBias: false)
    let input = Values.random([40, test.rows])
    let backend = try engine.backend()
    let weights = Weights(on: backend, capacity: 1)
    let convolution = weights.convolution("w", HostTensor(shape: [8, 16, 1], values: test.weight))
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      builder.output("output", builder.input("input", input.shape).slice(0, 7..<23).convolved(convolution))
    }
    graph.set("input", input.elements)
    try graph.compute()
    let sliced = Values([16, test.rows]) { input[[$0[0] + 7, $0[1]]] }
    expectNear(
      Values([8, test.rows], graph.floats("output")), sliced.times(Values([16, 8], test.weight)),
      tolerance: 1e-5)
  }

  private func check(_ test: ConvolutionCase) throws {
    let reference = test.reference(every: test.step(within: 200_000))
    for engine in Engine.allCases {
      let result = try test.result(on: engine).elements
      let wrong = reference.first { !(abs(result[$0.index] - $0.value) <= 1e-4 * max(1, abs($0.value))) }
      #expect(wrong == nil, "\(engine): \(test): found \(wrong.map { result[$0.index] } ?? 0)")
    }
  }
}
