internal import CGGML
internal import CKernels

// A few rows times a large matrix of 16, 8 or 4 bits: what a transformer does for every token it speaks.
//
// The matrix is read once and costs more than the sums, so its rows are shared among threads (`cb_parallel`
// says why ours and not ggml's). The sums are ggml's own, with its rounding of the input to the type that
// goes with the matrix's.
extension Tensor {
  /// The product with `weight` [I, O] of another type than floats, or `nil` where ggml's own is better: for
  /// many rows, which it computes in blocks, and on other devices.
  func sharedProduct(_ weight: Tensor) -> Tensor? {
    let rows = count / size(0)
    let traits = ggml_get_type_traits_cpu(weight.pointer.pointee.type)?.pointee
    guard graph.backend.usesOwnKernels, rows <= SharedProduct.mostRows, traits?.vec_dot != nil,
      let inputType = traits?.vec_dot_type, inputType != GGML_TYPE_F32,
      ggml_get_type_traits_cpu(inputType)?.pointee.from_float != nil
    else { return nil }
    return kernelNode(
      [weight.size(1), size(1), size(2), size(3)], [inOrder, weight], Int32(graph.backend.threads),
      sharedProductKernel)
  }
}

/// One product while it is computed.
private struct SharedProduct {
  /// From here on ggml's blocks win over reading the matrix row by row.
  static let mostRows = 4
  /// Elements of the matrix that are worth a part of their own.
  private static let smallestPart = 1 << 17

  let dot: ggml_vec_dot_t
  let columns: Int
  let outputs: Int
  let inputRows: Int
  let matrix: UnsafeRawPointer
  let matrixStride: Int
  /// The input's rows in the type that goes with the matrix's.
  let input: UnsafeRawPointer
  let inputStride: Int
  let output: UnsafeMutablePointer<Float>
  let parts: Int

  init(
    dot: @escaping ggml_vec_dot_t, weight: ggml_tensor, matrix: UnsafeRawPointer, input: UnsafeRawPointer,
    inputRows: Int, inputStride: Int, output: UnsafeMutablePointer<Float>, threads: Int
  ) {
    self.dot = dot
    (columns, outputs) = (Int(weight.ne.0), Int(weight.ne.1))
    (self.matrix, matrixStride) = (matrix, weight.nb.1)
    (self.input, self.inputRows, self.inputStride) = (input, inputRows, inputStride)
    self.output = output
    // A few parts a thread, since a thread may be kept from running.
    parts = max(1, min(threads * 4, columns * outputs / Self.smallestPart, outputs))
  }

  func compute(part: Int) {
    for row in outputs * part / parts..<outputs * (part + 1) / parts {
      for inputRow in 0..<inputRows {
        dot(
          Int32(columns), output + inputRow * outputs + row, 0, matrix + row * matrixStride, 0,
          input + inputRow * inputStride, 0, 1)
      }
    }
  }
}

private let sharedProductKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let source = destination.pointee.src.0, let weight = destination.pointee.src.1,
    let threads = userdata?.load(as: Int32.self),
    let traits = ggml_get_type_traits_cpu(weight.pointee.type)?.pointee, let dot = traits.vec_dot,
    let convert = ggml_get_type_traits_cpu(traits.vec_dot_type)?.pointee.from_float
  else { return }
  let columns = source.pointee.ne.0
  let rows = Int(ggml_nrows(source))
  let stride = ggml_row_size(traits.vec_dot_type, columns)
  withUnsafeTemporaryAllocation(byteCount: rows * stride, alignment: 64) { input in
    guard let start = input.baseAddress else { return }
    let floats = source.floats
    for row in 0..<rows { convert(floats + row * Int(columns), start + row * stride, columns) }
    var product = SharedProduct(
      dot: dot, weight: weight.pointee, matrix: UnsafeRawPointer(weight.pointee.data),
      input: UnsafeRawPointer(start), inputRows: rows, inputStride: stride,
      output: destination.floats, threads: Int(threads))
    cb_parallel(
      Int64(product.parts), product.parts > 1 ? threads : 1,
      { context, index in
        context?.assumingMemoryBound(to: SharedProduct.self).pointee.compute(part: Int(index))
      }, &product)
  }
}
