internal import Tensor

/// Layers that each add channels to all that came before, and one that halves them again.
///
/// Source: `CAMDenseTDNNBlock` and `TransitLayer` in the reference's `xvector.py`.
struct CAMPPlusBlock {
  /// Elements of a row that comes out.
  let outputs: Int
  private let layers: [Layer]
  private let norm: NormalizedReLU
  private let halve: Convolution

  /// - Parameters:
  ///   - reader: of the module that holds all blocks.
  ///   - number: the block, counted from 1.
  ///   - inputs: elements of a row that goes in.
  init(_ reader: CheckpointReader, _ number: Int, from inputs: Int) throws(TensorError) {
    let count = Self.layers(reader, number)
    guard count > 0 else {
      throw .missingTensor(
        file: reader.file.name, key: reader["block\(number)"]["tdnnd1"].key("linear1.weight"))
    }
    var channels = inputs
    var layers: [Layer] = []
    for index in 1...count {
      let layer = try Layer(
        reader["block\(number)"]["tdnnd\(index)"], from: channels, dilation: number == 1 ? 1 : 2)
      layers.append(layer)
      channels += layer.growth
    }
    self.layers = layers
    let transit = reader["transit\(number)"]
    norm = try NormalizedReLU(transit["nonlinear"], channels)
    outputs = channels / 2
    halve = try transit["linear"].convolution(from: channels, to: outputs, taps: 1)
  }

  /// Rows [C, T] → [C′, T].
  func callAsFunction(_ input: Tensor, _ segments: Segments) -> Tensor {
    var rows = input
    for layer in layers { rows = rows.concatenated(layer(rows, segments), along: 0) }
    return norm(rows, then: halve)
  }

  /// How many layers a block has.
  static func layers(_ reader: CheckpointReader, _ number: Int) -> Int {
    let block = reader["block\(number)"]
    var count = 0
    while block["tdnnd\(count + 1)"].contains("linear1.weight") { count += 1 }
    return count
  }
}

extension CAMPPlusBlock {
  /// Source: `CAMDenseTDNNLayer` in the reference's `xvector.py`.
  struct Layer {
    /// Weights that it declares.
    static let tensors = 10

    /// Elements of a row that it adds.
    let growth: Int
    private let norm: NormalizedReLU
    private let bottleneck: Convolution
    private let mask: ContextMask

    init(_ reader: CheckpointReader, from inputs: Int, dilation: Int) throws(TensorError) {
      let width = try reader["linear1"].outputs()
      let growth = try reader["cam_layer"]["linear_local"].outputs()
      norm = try NormalizedReLU(reader["nonlinear1"], inputs)
      let inner = try BatchNormalization(reader["nonlinear2"]["batchnorm"], width)
      bottleneck = try reader["linear1"].convolution(
        from: inputs, to: width, taps: 1, fold: { inner.fold(into: &$0, &$1) })
      mask = try ContextMask(reader["cam_layer"], from: width, to: growth, dilation: dilation)
      self.growth = growth
    }

    func callAsFunction(_ input: Tensor, _ segments: Segments) -> Tensor {
      mask(norm(input, then: bottleneck).relu(), segments)
    }
  }
}
