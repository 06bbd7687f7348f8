internal import Tensor

/// A convolution that sees a row and those before it: [I, T] → [O, T].
///
/// Source: `CausalConv1d` in the reference's `decoder.py`.
struct CausalConvolution {
  private let convolution: Convolution

  /// - Parameters:
  ///   - inputs: channels of a row that goes in.
  ///   - outputs: channels of a row that comes out.
  ///   - taps: rows that it sees.
  init(_ reader: CheckpointReader, from inputs: Int, to outputs: Int, taps: Int) throws(TensorError) {
    convolution = try reader.convolution(from: inputs, to: outputs, taps: taps, padding: taps - 1)
  }

  /// - Parameter slope: of a leaky ReLU that comes first; 1 for none.
  func callAsFunction(_ input: Tensor, slope: Float = 1) -> Tensor {
    // The kernel pads both sides: the rows past the end are what a causal one does not have.
    input.convolved(convolution, slope: slope).slice(1, 0..<input.size(1))
  }
}

/// A convolution that sees a row and those after it: [I, T] → [O, T].
struct LookaheadConvolution {
  private let convolution: Convolution
  private let lookahead: Int

  init(_ reader: CheckpointReader, from inputs: Int, to outputs: Int, taps: Int) throws(TensorError) {
    lookahead = taps - 1
    convolution = try reader.convolution(from: inputs, to: outputs, taps: taps, padding: lookahead)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    input.convolved(convolution).slice(1, lookahead..<lookahead + input.size(1))
  }
}

extension ModuleReader where File == Checkpoint {
  /// `nn.Conv1d` of given sizes, with as many zero rows on both sides.
  func convolution(
    from inputs: Int, to outputs: Int, taps: Int, padding: Int = 0
  ) throws(TensorError) -> Convolution {
    let (found, expected) = (try shape("weight"), [outputs, inputs, taps])
    guard found == expected else {
      throw .wrongShape(file: file.name, key: key("weight"), expected: expected, found: found)
    }
    return try convolution(.init(padding: padding))
  }

  /// How many elements a module list has by the keys of the file, so that a parameter that one of them lacks
  /// does not make the list shorter.
  func elementCount() -> Int {
    let prefix = path + "."
    let last = file.keys.lazy.filter { $0.hasPrefix(prefix) }
      .compactMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) }.max()
    // An absurd index is as good as the first that is missing.
    return min(last ?? 0, 1 << 16) + 1
  }
}
