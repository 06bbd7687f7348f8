internal import Tensor

/// The two-dimensional front: mel frames [80, T] → rows [320, T] of what lies around them in time and pitch.
///
/// Its planes are [frequency, time, channel].
///
/// Source: `FCM` in the reference's `xvector.py`.
struct CAMPPlusHead {
  /// Weights that it declares.
  static let tensors = 2 * 12

  /// Elements of a row that comes out.
  let outputs: Int
  private let first: PlaneConvolution
  private let blocks: [ResidualPlanes]
  private let last: PlaneConvolution

  init(_ reader: CheckpointReader) throws(TensorError) {
    let channels = try reader["conv1"].outputs()
    outputs = channels * KaldiFilterBank.channels / 8
    first = try PlaneConvolution(reader["conv1"], norm: reader["bn1"], from: 1, to: channels)
    var blocks: [ResidualPlanes] = []
    for layer in ["layer1", "layer2"] {
      blocks.append(try ResidualPlanes(reader[layer][0], channels, halving: true))
      blocks.append(try ResidualPlanes(reader[layer][1], channels, halving: false))
    }
    self.blocks = blocks
    last = try PlaneConvolution(
      reader["conv2"], norm: reader["bn2"], from: channels, to: channels, halving: true)
  }

  func callAsFunction(_ frames: Tensor) -> Tensor {
    var planes = first(frames).relu()
    for block in blocks { planes = block(planes) }
    planes = last(planes).relu()
    // A row lists every channel's frequencies, one channel after the other.
    return planes.permuted([0, 2, 1]).contiguous().reshaped([outputs, frames.size(1)])
  }
}

/// Two convolutions beside what goes in.
struct ResidualPlanes {
  private let first: PlaneConvolution
  private let second: PlaneConvolution
  private let shortcut: PlaneConvolution?

  /// - Parameter halving: whether only every other frequency is kept.
  init(_ reader: CheckpointReader, _ channels: Int, halving: Bool) throws(TensorError) {
    first = try PlaneConvolution(
      reader["conv1"], norm: reader["bn1"], from: channels, to: channels, halving: halving)
    second = try PlaneConvolution(reader["conv2"], norm: reader["bn2"], from: channels, to: channels)
    let beside = reader["shortcut"]
    shortcut =
      halving
      ? try PlaneConvolution(
        beside[0], norm: beside[1], from: channels, to: channels, size: 1, halving: true) : nil
  }

  func callAsFunction(_ planes: Tensor) -> Tensor {
    (second(first(planes).relu()) + (shortcut.map { $0(planes) } ?? planes)).relu()
  }
}

/// `nn.Conv2d` with the batch normalisation behind it folded in.
struct PlaneConvolution {
  private let weight: Tensor
  private let bias: Tensor
  private let stride: Int
  private let padding: Int

  init(
    _ reader: CheckpointReader, norm: CheckpointReader, from inputs: Int, to outputs: Int, size: Int = 3,
    halving: Bool = false
  ) throws(TensorError) {
    var kernel = try reader.host("weight", [outputs, inputs, size, size])
    var shift: HostTensor?
    try BatchNormalization(norm, outputs).fold(into: &kernel, &shift)
    // The reference's rows are frequencies, ours are moments.
    let area = size * size
    let turned = kernel.values.indices.map { index in
      let place = index % area
      return kernel.values[index - place + place % size * size + place / size]
    }
    weight = reader.weights.add(reader.key("weight"), shape: [size, size, inputs, outputs], turned)
    bias = reader.weights.add(reader.key("bias"), shape: [1, 1, outputs], shift?.values ?? [])
    (stride, padding) = (halving ? 2 : 1, size / 2)
  }

  func callAsFunction(_ planes: Tensor) -> Tensor {
    planes.convolved2D(weight, stride: (stride, 1), padding: (padding, padding)) + bias
  }
}
