import CKernels
import Testing

@Suite("cb_conv1d")
struct ConvolutionKernelTests {
  @Test("writes every element and nothing beyond, and adds a residual in place", arguments: [1, 29, 32, 70])
  func inPlace(outputs: Int32) {
    let (inputs, rows) = (Int32(5), 37)
    let shape = cb_conv1d_shape(
      in_channels: inputs, out_channels: outputs, taps: 3, stride: 1, dilation: 2, padding: 2, slope: 0.1)
    var packed = [Float](repeating: 0, count: Int(cb_conv1d_packed_count(outputs, inputs, 3)))
    cb_conv1d_pack(randomFloats(Int(outputs * inputs * 3)), outputs, inputs, 3, &packed)
    let input = randomFloats(Int(inputs) * rows, seed: 2)
    let count = Int(outputs) * rows
    let residual = randomFloats(count, seed: 3)

    func convolve(adding residual: [Float]?, into output: inout [Float]) {
      withUnsafePointer(to: shape) { shape in
        cb_conv1d(shape, packed, nil, nil, input, Int64(rows), residual, &output, Int64(rows), 2)
      }
    }
    var plain = [Float](repeating: .nan, count: count + 64)
    convolve(adding: nil, into: &plain)
    #expect(plain.prefix(count).allSatisfy { $0.isFinite })
    #expect(plain.suffix(64).allSatisfy { $0.isNaN })

    var separate = [Float](repeating: .nan, count: count)
    convolve(adding: residual, into: &separate)
    var inPlace = residual
    inPlace.withUnsafeMutableBufferPointer { output in
      withUnsafePointer(to: shape) { shape in
        cb_conv1d(
          shape, packed, nil, nil, input, Int64(rows), output.baseAddress, output.baseAddress, Int64(rows), 2)
      }
    }
    #expect(inPlace == separate)
    #expect(zip(zip(plain, residual), separate).allSatisfy { abs($0.0 + $0.1 - $1) < 1e-5 })
  }

  @Test("packed weights take whole blocks of channels, but a single channel takes one")
  func packedCount() {
    #expect(cb_conv1d_packed_count(1, 7, 3) == 21)
    #expect(cb_conv1d_packed_count(2, 7, 3) == 32 * 21)
    #expect(cb_conv1d_packed_count(32, 7, 3) == 32 * 21)
    #expect(cb_conv1d_packed_count(33, 7, 3) == 64 * 21)
  }
}
