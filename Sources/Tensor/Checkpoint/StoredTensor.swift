/// The element types that checkpoints use.
enum StoredType: Sendable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8, uint8

  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8: 1
    }
  }
}

/// Where a checkpoint's file has a tensor.
struct StoredTensor {
  var type: StoredType
  /// Sizes, slowest first.
  var shape: [Int]
  /// Elements from one index of a dimension to the next; `nil` when they lie in order.
  var strides: [Int]?
  /// The first element's place in the file, in bytes.
  var offset: Int

  /// The number of elements, or `nil` when it is beyond any file.
  var count: Int? {
    var count = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product < 1 << 48 else { return nil }
      count = product
    }
    return count
  }

  /// The bytes from the first element to behind the last one, or `nil` when they are beyond any file.
  var extent: Int? {
    guard let count else { return nil }
    guard let strides, count > 0 else { return count * type.size }
    var last = 0
    for (size, stride) in zip(shape, strides) {
      guard stride >= 0 else { return nil }
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      guard !overflow, reach < 1 << 48 else { return nil }
      last += reach
    }
    return (last + 1) * type.size
  }

  /// Every element, converted, into `values`, which holds `count` of them.
  func read(from bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>) {
    switch type {
    case .float32:
      if strides == nil {
        UnsafeMutableRawBufferPointer(values)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + values.count * 4]))
      } else {
        copy(bytes, values) { (value: Float) in value }
      }
    case .float64: copy(bytes, values) { (value: Double) in Float(value) }
    case .float16: copy(bytes, values) { (bits: UInt16) in float(halfBits: bits) }
    case .bfloat16: copy(bytes, values) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .int64: copy(bytes, values) { (value: Int64) in Float(value) }
    case .int32: copy(bytes, values) { (value: Int32) in Float(value) }
    case .int16: copy(bytes, values) { (value: Int16) in Float(value) }
    case .int8: copy(bytes, values) { (value: Int8) in Float(value) }
    case .uint8: copy(bytes, values) { (value: UInt8) in Float(value) }
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ values: UnsafeMutableBufferPointer<Float>,
    _ convert: (Element) -> Float
  ) {
    func load(_ element: Int) -> Float {
      convert(bytes.loadUnaligned(fromByteOffset: offset + element * type.size, as: Element.self))
    }
    guard let strides else {
      for index in values.indices { values[index] = load(index) }
      return
    }
    var position = [Int](repeating: 0, count: shape.count)
    var element = 0
    for index in values.indices {
      values[index] = load(element)
      var dimension = shape.count - 1
      while dimension >= 0 {
        position[dimension] += 1
        element += strides[dimension]
        if position[dimension] < shape[dimension] { break }
        element -= position[dimension] * strides[dimension]
        position[dimension] = 0
        dimension -= 1
      }
    }
  }
}

/// IEEE 754 half precision, which not every platform's Swift has as a type.
private func float(halfBits bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits) & 0x3FF
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
