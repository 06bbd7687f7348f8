internal import Tensor

extension ModuleReader where File == Checkpoint {
  /// Several `nn.Linear` of the same sizes over the same rows as one, whose results lie one over another; with
  /// their biases if the first has one.
  func joinedLinear(
    _ children: [String], from inputs: Int, to outputs: Int
  ) throws(TensorError) -> Linear {
    var biases: [Float] = []
    let readers = children.map { self[$0] }
    let isBiased = readers.first?.contains("bias") == true
    for reader in readers {
      try reader.checkShape("weight", [outputs, inputs])
      if isBiased { biases += try reader.host("bias", [outputs]).values }
    }
    let (file, keys, height) = (file, readers.map { $0.key("weight") }, outputs * children.count)
    return weights.linear(
      key(children.joined(separator: "+")), inputs: inputs, outputs: height,
      bias: isBiased ? HostTensor(shape: [height], values: biases) : nil
    ) {
      HostTensor(shape: [height, inputs], values: keys.flatMap { file.checkedTensor($0).values })
    }
  }
}

extension Tensor {
  /// Attention of rows that hold queries, keys and values side by side, [3·C, T] → [C, T].
  func joinedAttention(heads: Int, distances: AttentionDistances? = nil) -> Tensor {
    let width = size(0) / 3
    let part = { (index: Int) in self.slice(0, index * width..<(index + 1) * width) }
    return part(0).attention(to: part(1), part(2), heads: heads, distances: distances)
  }
}
