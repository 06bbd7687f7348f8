internal import Tensor

/// The stack of convolutions that encoder and decoder are made of: rows of bins → rows of outputs.
///
/// Source: `Conv` and `_layers` in resemble-perth's `model/`.
struct PerthLayers {
  private static let slope: Float = 0.01

  private let layers: [Convolution]

  init(_ reader: CheckpointReader) throws(TensorError) {
    var layers: [Convolution] = []
    for index in 0..<reader.count(of: "conv.weight") {
      layers.append(try reader[index]["conv"].convolution())
    }
    guard !layers.isEmpty else {
      throw .missingTensor(file: reader.file.name, key: reader.key("0.conv.weight"))
    }
    self.layers = layers
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    layers.dropFirst().reduce(input.convolved(layers[0])) { $0.convolved($1, slope: Self.slope) }
  }
}

/// Levels as the networks see them: decibels from −180 to 15 as 0 to 1.
enum PerthLevel {
  static let floor: Float = 1e-9
  /// Decibels in the whole range.
  static let span: Float = 195

  /// Real and imaginary parts → normalised levels.
  static func levels(_ real: Tensor, _ imaginary: Tensor) -> Tensor {
    let power = (real.squared() + imaginary.squared()).clamped(floor * floor, .greatestFiniteMagnitude)
    return power.logarithm() * (10 / Float(2.302_585_092_994_046) / span) + 180 / span
  }

  /// The frames that are loud enough to carry the mark.
  static func audible(_ frameSums: [Float]) -> [Bool] {
    // Digital silence sums to rounding errors, of which none is louder than the others.
    let threshold = max(1, 0.05 * (frameSums.max() ?? 0))
    return frameSums.map { $0 > threshold }
  }
}
