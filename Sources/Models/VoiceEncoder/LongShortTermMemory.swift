internal import Tensor

/// A layer of `nn.LSTM`, one step at a time: input and past go through one matrix.
///
/// Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997; PyTorch's order of gates.
struct LongShortTermMemory {
  let channels: Int
  private let gates: Linear

  /// - Parameters:
  ///   - reader: the LSTM's.
  ///   - layer: which of its layers.
  ///   - inputs: elements of a column that goes in.
  init(_ reader: CheckpointReader, layer: Int, from inputs: Int) throws(TensorError) {
    let shape = try reader.shape("weight_ih_l\(layer)")
    guard let rows = shape.first, rows > 0, rows.isMultiple(of: 4) else {
      throw reader.unsupported("its LSTM's layer \(layer) has the shape \(shape)")
    }
    let channels = rows / 4
    self.channels = channels
    let now = try reader.host("weight_ih_l\(layer)", [4 * channels, inputs]).values
    let past = try reader.host("weight_hh_l\(layer)", [4 * channels, channels]).values
    let biases = (
      try reader.host("bias_ih_l\(layer)", [4 * channels]).values,
      try reader.host("bias_hh_l\(layer)", [4 * channels]).values
    )
    gates = reader.weights.linear(
      reader.key("gates.\(layer)"), inputs: inputs + channels, outputs: 4 * channels,
      bias: HostTensor(shape: [4 * channels], values: zip(biases.0, biases.1).map { $0 + $1 })
    ) {
      var rows: [Float] = []
      for row in 0..<4 * channels {
        rows += now[row * inputs..<(row + 1) * inputs]
        rows += past[row * channels..<(row + 1) * channels]
      }
      return HostTensor(shape: [4 * channels, inputs + channels], values: rows)
    }
  }

  /// The next hidden state and cell of each column, [C, N].
  func step(_ input: Tensor, hidden: Tensor, cell: Tensor) -> (hidden: Tensor, cell: Tensor) {
    let sums = input.concatenated(hidden, along: 0).linear(gates)
    let gate = { (index: Int) in
      sums.slice(0, index * channels..<(index + 1) * channels).contiguous()
    }
    let (enter, keep, leave) = (gate(0).sigmoid(), gate(1).sigmoid(), gate(3).sigmoid())
    let cell = keep * cell + enter * gate(2).tanh()
    return (leave * cell.tanh(), cell)
  }
}
