import CGGML
import CKernels

/// A one-dimensional convolution over channels-last rows: [I, T] → [O, T′].
///
/// On the CPU our own kernel computes it, with the activation before it and the residual after it in the
/// same pass; elsewhere it is a matrix product a tap.
public struct Convolution {
  let weight: Tensor
  let bias: Tensor?
  let shape: cb_conv1d_shape

  /// The rows that come out for `rows` rows in.
  func outputRows(_ rows: Int) -> Int {
    let reach = Int(shape.taps - 1) * Int(shape.dilation)
    let last = rows + 2 * Int(shape.padding) - reach - 1
    return last < 0 ? 0 : last / Int(shape.stride) + 1
  }
}

/// How a convolution walks over its input.
public struct ConvolutionOptions: Hashable, Sendable {
  /// Rows from one output to the next.
  public var stride = 1
  /// Rows between taps.
  public var dilation = 1
  /// Zero rows before and after. `nil` keeps the length ("same").
  public var padding: Int?

  /// Creates options; the default is a plain convolution that keeps its length.
  public init(stride: Int = 1, dilation: Int = 1, padding: Int? = nil) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
  }
}

extension Weights {
  /// Declares a convolution from PyTorch's weight [O, I, K] and bias [O].
  public func convolution(
    _ name: String, _ weight: HostTensor, bias: HostTensor? = nil, _ options: ConvolutionOptions = .init()
  ) -> Convolution {
    convolution(name, shape: weight.shape, bias: bias, options) { weight }
  }

  /// Declares a convolution whose weight, of PyTorch's `shape` [O, I, K], is read when it is uploaded.
  public func convolution(
    _ name: String, shape: [Int], bias: HostTensor? = nil, _ options: ConvolutionOptions = .init(),
    load: @escaping () -> HostTensor
  ) -> Convolution {
    let (outputs, inputs, taps) = (shape[0], shape[1], shape[2])
    return Convolution(
      weight: backend.usesOwnKernels
        ? add(name, shape: [Int(cb_conv1d_packed_count(Int32(outputs), Int32(inputs), Int32(taps)))]) {
          cb_conv1d_pack(load().values, Int32(outputs), Int32(inputs), Int32(taps), $0.baseAddress)
        }
        : add(name, shape: [inputs, outputs, taps]) {
          tapByTap(load().values, outputs: outputs, inputs: inputs, taps: taps, into: $0)
        },
      bias: bias.map { add(name + ".bias", shape: [outputs], $0.values) },
      shape: cb_conv1d_shape(
        in_channels: Int32(inputs), out_channels: Int32(outputs), taps: Int32(taps),
        stride: Int32(options.stride), dilation: Int32(options.dilation),
        padding: Int32(options.padding ?? (taps - 1) * options.dilation / 2), slope: 1))
  }
}

/// PyTorch's [O, I, K] as K matrices [O, I].
private func tapByTap(
  _ values: [Float], outputs: Int, inputs: Int, taps: Int, into matrices: UnsafeMutableBufferPointer<Float>
) {
  for output in 0..<outputs {
    for input in 0..<inputs {
      for tap in 0..<taps {
        matrices[(tap * outputs + output) * inputs + input] = values[(output * inputs + input) * taps + tap]
      }
    }
  }
}

extension Tensor {
  /// The convolution of this tensor's rows.
  ///
  /// - Parameters:
  ///   - convolution: its weights and how it walks.
  ///   - slope: a leaky ReLU's slope, applied to the input first: 1 for none, 0 for a plain ReLU.
  ///   - snake: Snake instead, applied to the input first.
  ///   - residual: added to the result, of the same shape.
  public func convolved(
    _ convolution: Convolution, slope: Float = 1, snake: Snake? = nil, adding residual: Tensor? = nil
  ) -> Tensor {
    precondition(
      size(0) == Int(convolution.shape.in_channels), "the rows have other channels than the weights")
    guard graph.backend.usesOwnKernels else {
      return (snake.map(activated(by:)) ?? self).convolvedByProduct(convolution, slope, residual)
    }
    precondition(snake == nil || slope == 1, "the input has one activation")
    return convolvedByKernel(convolution, slope, snake, residual)
  }

  private func convolvedByKernel(
    _ convolution: Convolution, _ slope: Float, _ snake: Snake?, _ residual: Tensor?
  ) -> Tensor {
    var shape = convolution.shape
    shape.slope = slope
    let rows = convolution.outputRows(size(1))
    if let residual {
      precondition(
        residual.size(0) == Int(shape.out_channels) && residual.size(1) == rows,
        "the residual has another shape than the result")
      precondition(ggml_is_contiguous(residual.pointer), "the residual is not contiguous")
    }
    let optional = [convolution.bias, snake?.parameters, residual]
    let call = KernelCall(
      shape: shape, hasBias: optional[0] != nil, hasSnake: optional[1] != nil,
      hasResidual: optional[2] != nil,
      threads: Int32(graph.backend.threads))
    return kernelNode(
      [Int(shape.out_channels), rows], [inOrder, convolution.weight] + optional.compactMap(\.self), call,
      convolutionKernel)
  }

  private func convolvedByProduct(_ convolution: Convolution, _ slope: Float, _ residual: Tensor?) -> Tensor {
    let shape = convolution.shape
    var input = slope == 1 ? self : slope == 0 ? relu() : leakyReLU(slope)
    if shape.padding > 0 {
      input = input.padded(1, before: Int(shape.padding), after: Int(shape.padding))
    }
    let (row, rows) = (input.stride(1), convolution.outputRows(size(1)))
    let weight = Tensor(pointer: convolution.weight.pointer, builder: graph)
    if shape.in_channels == 1, shape.dilation == 1 {
      // A product for each tap would be a node each: a spectrum's window has thousands.
      let taps = Int(shape.taps)
      let matrix = weight.reshaped([Int(shape.out_channels), taps]).permuted([1, 0]).contiguous()
      let kernel = matrix.reshaped([taps, 1, Int(shape.out_channels)])
      let samples = input.contiguous().reshaped([size(1) + 2 * Int(shape.padding), 1])
      let frames = node(
        ggml_im2col(
          graph.context, kernel.pointer, samples.pointer, shape.stride, 0, 0, 0, 1, 0, false, GGML_TYPE_F32))
      return finished(frames.reshaped([taps, rows]).matrixProduct(matrix), convolution, residual)
    }
    let products = (0..<Int(shape.taps)).map { tap in
      input.view(
        [size(0), rows], strides: [row * Int(shape.stride), input.stride(2), input.stride(3)],
        offset: tap * Int(shape.dilation) * row
      ).matrixProduct(weight.slice(2, tap..<tap + 1))
    }
    return finished(products.dropFirst().reduce(products[0], +), convolution, residual)
  }

  private func finished(_ sum: Tensor, _ convolution: Convolution, _ residual: Tensor?) -> Tensor {
    let product = convolution.bias.map { sum + $0 } ?? sum
    return residual.map { product + $0 } ?? product
  }

  /// WaveNet's gated activation: the first half of the channels by tanh, times the second by sigmoid.
  ///
  /// Source: van den Oord et al., "WaveNet", 2016, equation 2.
  public func gatedTanh() -> Tensor {
    let channels = size(0) / 2
    guard graph.backend.usesOwnKernels else {
      return slice(0, 0..<channels).contiguous().tanh()
        * slice(0, channels..<2 * channels).contiguous().sigmoid()
    }
    return kernelNode([channels, size(1)], [inOrder], Int32(graph.backend.threads), gateKernel)
  }
}

private struct KernelCall: BitwiseCopyable {
  let shape: cb_conv1d_shape
  let hasBias: Bool
  let hasSnake: Bool
  let hasResidual: Bool
  let threads: Int32
}

private let convolutionKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: KernelCall.self),
    let input = destination.pointee.src.0, let weight = destination.pointee.src.1
  else { return }
  let sources = destination.pointee.src
  var optional = [sources.2, sources.3, sources.4].makeIterator()
  let next = { (isThere: Bool) in isThere ? (optional.next() ?? nil)?.floats : nil }
  let bias = next(call.pointee.hasBias)
  let snake = next(call.pointee.hasSnake)
  let residual = next(call.pointee.hasResidual)
  withUnsafePointer(to: call.pointee.shape) { shape in
    cb_conv1d(
      shape, weight.floats, bias, snake, input.floats, input.pointee.ne.1, residual, destination.floats,
      destination.pointee.ne.1, call.pointee.threads)
  }
}

private let gateKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let source = destination.pointee.src.0, let userdata else { return }
  cb_gated_tanh(
    source.floats, destination.floats,
    destination.pointee.ne.1, destination.pointee.ne.0, userdata.load(as: Int32.self))
}
