internal import Tensor

/// The stack of convolutions that encoder and decoder are made of: rows of bins → rows of outputs.
///
/// Source: `Conv` and `_layers` in resemble-perth's `model/`.
struct PerthLayers {
  private static let slope: Float = 0.01

  /// Layers of both networks.
  private static let count = 7

  private let layers: [Convolution]

  /// - Parameters:
  ///   - reader: the list of layers.
  ///   - inputs: elements of a row that goes in.
  ///   - outputs: elements of a row that comes out.
  init(_ reader: CheckpointReader, from inputs: Int, to outputs: Int) throws(TensorError) {
    var layers: [Convolution] = []
    var width = inputs
    for index in 0..<Self.count {
      let layer = reader[index]["conv"]
      let found = try layer.shape("weight")
      let isLast = index == Self.count - 1
      guard found.count == 3, !found[2].isMultiple(of: 2) else {
        throw reader.unsupported("'\(layer.key("weight"))' has the shape \(found)")
      }
      let expected = [isLast ? outputs : found[0], width, found[2]]
      guard found == expected else {
        throw .wrongShape(
          file: reader.file.name, key: layer.key("weight"), expected: expected, found: found)
      }
      layers.append(try layer.convolution())
      width = found[0]
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
