internal import CGGML

/// A linear layer: y = x·Wᵀ + b over rows, [I, T] → [O, T].
///
/// On the CPU our own kernels compute it in 32-bit floats and 8-bit blocks, and a few rows in other types as
/// well; ggml does the rest.
public struct Linear {
  enum Matrix {
    case packed(Convolution)
    case blocks(PackedBlocks)
    case plain(Tensor)
  }

  let matrix: Matrix
  let bias: Tensor?
  /// The elements of a row that goes in.
  public let inputs: Int
  /// The elements of a row that comes out.
  public let outputs: Int
}

extension Weights {
  /// Declares a linear layer whose values are read when they are uploaded.
  ///
  /// - Parameters:
  ///   - name: the checkpoint's key of the matrix.
  ///   - inputs: elements of a row that goes in.
  ///   - outputs: elements of a row that comes out.
  ///   - bias: [O].
  ///   - load: PyTorch's weight [O, I].
  public func linear(
    _ name: String, inputs: Int, outputs: Int, bias: HostTensor? = nil, load: @escaping () -> HostTensor
  ) -> Linear {
    let type = matrixType.fitting(columns: inputs)
    if PackedBlocks.serve(type, on: backend) {
      let blocks = packedBlocks(name, inputs: inputs, outputs: outputs, bias: bias, load: load)
      return Linear(matrix: .blocks(blocks), bias: nil, inputs: inputs, outputs: outputs)
    }
    guard type == .float32, backend.usesOwnKernels else {
      let matrix = add(name, shape: [inputs, outputs], type: type) { values in
        _ = values.initialize(from: load().values)
      }
      return Linear(
        matrix: .plain(matrix), bias: bias.map { add(name + ".bias", shape: [outputs], $0.values) },
        inputs: inputs, outputs: outputs)
    }
    let convolution = convolution(
      name, shape: [outputs, inputs, 1], bias: bias, load: load)
    return Linear(matrix: .packed(convolution), bias: nil, inputs: inputs, outputs: outputs)
  }
}

extension Tensor {
  /// The rows through a linear layer: [I, T, …] → [O, T, …].
  public func linear(_ layer: Linear) -> Tensor {
    precondition(size(0) == layer.inputs, "the rows have \(size(0)) elements, the layer \(layer.inputs)")
    switch layer.matrix {
    case .plain(let weight):
      guard let product = sharedProduct(weight) else { return linear(weight, layer.bias) }
      return layer.bias.map { product + $0 } ?? product
    case .blocks(let blocks): return product(blocks)
    case .packed(let convolution):
      let rows = inOrder
      let product = rows.reshaped([layer.inputs, rows.count / layer.inputs]).convolved(convolution)
      return product.reshaped([layer.outputs, size(1), size(2), size(3)])
    }
  }
}
