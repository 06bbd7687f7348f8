internal import CGGML
internal import CKernels
internal import Foundation

// Attention of one new position to those before it: what a transformer does for every token it speaks.
//
// Keys and values are read once, by as many threads as there are, and only as far as there are positions;
// ggml's operations would read the masked ones as well, on one thread.
extension GraphBuilder {
  /// Whether ``stepAttention(_:keys:values:position:)`` is there: on the CPU, with our own kernels.
  public var hasStepAttention: Bool { backend.usesOwnKernels && floatDot != nil }

  /// Softmax attention of one position a sequence, scaled by the root of a head's size.
  ///
  /// - Parameters:
  ///   - queries: [D, heads, 1, B].
  ///   - keys: a row a position, [D·heads, N, B].
  ///   - values: a row a channel, [N, D·heads, B].
  ///   - position: the new position, an integer [1]; keys and values after it are not looked at.
  /// - Returns: [D·heads, 1, B].
  public func stepAttention(_ queries: Tensor, keys: Tensor, values: Tensor, position: Tensor) -> Tensor {
    precondition(hasStepAttention && queries.size(2) == 1)
    precondition(keys.size(0) == queries.size(0) * queries.size(1) && keys.size(1) == values.size(0))
    let query = ggml_is_contiguous(queries.pointer) ? queries : queries.contiguous()
    var arguments: [UnsafeMutablePointer<ggml_tensor>?] = [
      query.pointer, keys.pointer, values.pointer, position.pointer,
    ]
    return query.node(
      ggml_custom_4d(
        context, GGML_TYPE_F32, Int64(keys.size(0)), 1, Int64(keys.size(2)), 1, &arguments,
        Int32(arguments.count), stepAttentionKernel, 1, keep(Int32(backend.threads))))
  }
}

private let floatDot = ggml_get_type_traits_cpu(GGML_TYPE_F32)?.pointee.vec_dot

/// One step's attention while it is computed: a part is a head of a sequence.
private struct StepAttention {
  let dot: ggml_vec_dot_t
  let headChannels: Int
  let heads: Int
  /// Positions that a sequence's keys and values have room for.
  let capacity: Int
  /// Positions that are looked at.
  let positions: Int
  let queries: UnsafePointer<Float>
  let keys: UnsafePointer<Float>
  let values: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func compute(part: Int) {
    let (sequence, head) = part.quotientAndRemainder(dividingBy: heads)
    let channels = headChannels * heads
    let query = queries + part * headChannels
    let headKeys = keys + sequence * capacity * channels + head * headChannels
    let headValues = values + (sequence * channels + head * headChannels) * capacity
    withUnsafeTemporaryAllocation(of: Float.self, capacity: positions) { weights in
      guard let weight = weights.baseAddress else { return }
      for position in 0..<positions {
        dot(Int32(headChannels), weight + position, 0, headKeys + position * channels, 0, query, 0, 1)
      }
      let sum = exponentiate(weights)
      let result = output + part * headChannels
      for channel in 0..<headChannels {
        dot(Int32(positions), result + channel, 0, headValues + channel * capacity, 0, weight, 0, 1)
        result[channel] /= sum
      }
    }
  }

  /// Scores to the numerators of their softmax; the denominator.
  private func exponentiate(_ scores: UnsafeMutableBufferPointer<Float>) -> Float {
    let scale = 1 / Float(headChannels).squareRoot()
    var highest = -Float.infinity
    for score in scores { highest = max(highest, score) }
    var sum = 0.0
    for index in scores.indices {
      scores[index] = expf((scores[index] - highest) * scale)
      sum += Double(scores[index])
    }
    return Float(sum)
  }
}

private let stepAttentionKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let dot = floatDot, let queries = destination.pointee.src.0,
    let keys = destination.pointee.src.1, let values = destination.pointee.src.2,
    let position = destination.pointee.src.3?.pointee.data.load(as: Int32.self),
    let threads = userdata?.load(as: Int32.self)
  else { return }
  let floats = { (tensor: UnsafeMutablePointer<ggml_tensor>) in
    tensor.pointee.data.assumingMemoryBound(to: Float.self)
  }
  var attention = StepAttention(
    dot: dot, headChannels: Int(queries.pointee.ne.0), heads: Int(queries.pointee.ne.1),
    capacity: Int(keys.pointee.ne.1), positions: min(Int(position) + 1, Int(keys.pointee.ne.1)),
    queries: floats(queries), keys: floats(keys), values: floats(values), output: floats(destination))
  cb_parallel(
    queries.pointee.ne.1 * queries.pointee.ne.3, threads,
    { context, index in
      context?.assumingMemoryBound(to: StepAttention.self).pointee.compute(part: Int(index))
    }, &attention)
}
