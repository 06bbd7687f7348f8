/// Reads a checkpoint's pickle without running anything: it knows how tensors are rebuilt, and refuses to
/// call whatever else a pickle names.
///
/// Source: Python's `pickletools.py`, protocol 2 and the opcodes of protocol 4 that `torch.save` can write.
struct PickleReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private let containers = PickleContainers()

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The pickled value.
  mutating func read() throws(PickleRefusal) -> Pickle {
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return Pickle(value: try pop(), containers: containers) }
      try execute(opcode)
    }
  }

  private mutating func execute(_ opcode: UInt8) throws(PickleRefusal) {
    switch UnicodeScalar(opcode) {
    case "\u{80}": _ = try byte()  // protocol
    case "\u{95}": _ = try take(8)  // frame
    case "(": marks.append(stack.count)
    case "0": _ = try pop()
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.boolean(true))
    case "\u{89}": stack.append(.boolean(false))
    case "K": stack.append(.integer(Int(try byte())))
    case "M": stack.append(.integer(Int(try integer(UInt16.self))))
    case "J": stack.append(.integer(Int(try integer(Int32.self))))
    case "\u{8A}": stack.append(.integer(try long()))
    case "G":
      stack.append(.number(Double(bitPattern: UInt64(bigEndian: try integer(UInt64.self)))))
    case "X": stack.append(.string(try text(Int(try integer(UInt32.self)))))
    case "\u{8C}", "U": stack.append(.string(try text(Int(try byte()))))
    case "C": _ = try take(Int(try byte())); stack.append(.opaque)
    case "T", "B": _ = try take(Int(try integer(UInt32.self))); stack.append(.opaque)
    default: try executeContainer(opcode)
    }
  }

  private mutating func executeContainer(_ opcode: UInt8) throws(PickleRefusal) {
    switch UnicodeScalar(opcode) {
    case ")": stack.append(.tuple([], depth: 1))
    case "\u{85}": try makeTuple(1)
    case "\u{86}": try makeTuple(2)
    case "\u{87}": try makeTuple(3)
    case "t":
      let values = try popToMark()
      try pushTuple(values)
    case "]": stack.append(containers.list())
    case "a":
      let value = try pop()
      try append([value])
    case "e":
      let values = try popToMark()
      try append(values)
    case "}": stack.append(containers.dictionary())
    case "s":
      let value = try pop()
      let key = try pop()
      try setItems([key, value])
    case "u":
      let items = try popToMark()
      try setItems(items)
    default: try executeReference(opcode)
    }
  }

  private mutating func executeReference(_ opcode: UInt8) throws(PickleRefusal) {
    switch UnicodeScalar(opcode) {
    case "q": memo[Int(try byte())] = try top()
    case "r": memo[Int(try integer(UInt32.self))] = try top()
    case "\u{94}": memo[memo.count] = try top()
    case "h": stack.append(try recall(Int(try byte())))
    case "j": stack.append(try recall(Int(try integer(UInt32.self))))
    case "c": stack.append(.global("\(try line()).\(try line())"))
    case "\u{93}":
      guard case .string(let attribute) = try pop(), case .string(let module) = try pop() else {
        throw .damaged
      }
      stack.append(.global("\(module).\(attribute)"))
    case "Q":
      let identifier = try pop()
      stack.append(try storage(identifier))
    case "R":
      let arguments = try pop()
      let function = try pop()
      stack.append(try call(function, arguments))
    case "b": _ = try pop()  // an object's further state: no tensor has any
    default:
      throw PickleRefusal(
        reason: "its pickle wants to do more than hold tensors (opcode \(opcode)), which is refused")
    }
  }

  /// What a call of a known function makes. Nothing is called.
  private func call(
    _ function: PickleValue, _ arguments: PickleValue
  ) throws(PickleRefusal) -> PickleValue {
    guard case .global(let name) = function, let arguments = arguments.tuple else { throw .damaged }
    switch name {
    case "collections.OrderedDict":
      return containers.dictionary()
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      guard arguments.count >= 4, case .storage(let storage) = arguments[0],
        let offset = arguments[1].integer, let shape = arguments[2].integers,
        let strides = arguments[3].integers, shape.count <= 8
      else { throw .damaged }
      return .tensor(PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    case "torch._utils._rebuild_parameter":
      guard let tensor = arguments.first else { throw .damaged }
      return tensor
    case "torch.device", "torch.Size":
      return .opaque
    default:
      throw PickleRefusal(
        reason: "its pickle wants to call '\(name.prefix(60))', which a checkpoint does not need: refused")
    }
  }

  private func storage(_ identifier: PickleValue) throws(PickleRefusal) -> PickleValue {
    guard let parts = identifier.tuple, parts.count >= 5, parts[0].text == "storage",
      case .global(let kind) = parts[1], let key = parts[2].text
    else { throw .damaged }
    guard let type = Self.storageTypes[kind] else {
      throw PickleRefusal(reason: "it holds a '\(kind.prefix(60))', which is not known")
    }
    return .storage(PickledStorage(type: type, key: key))
  }

  private static let storageTypes: [String: StoredType] = [
    "torch.DoubleStorage": .float64, "torch.FloatStorage": .float32, "torch.HalfStorage": .float16,
    "torch.BFloat16Storage": .bfloat16, "torch.LongStorage": .int64, "torch.IntStorage": .int32,
    "torch.ShortStorage": .int16, "torch.CharStorage": .int8, "torch.ByteStorage": .uint8,
    "torch.BoolStorage": .uint8,
  ]
}

// The stack.
extension PickleReader {
  private func top() throws(PickleRefusal) -> PickleValue {
    guard let value = stack.last else { throw .damaged }
    return value
  }

  private mutating func pop() throws(PickleRefusal) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw .damaged }
    return value
  }

  private mutating func popToMark() throws(PickleRefusal) -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw .damaged }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private func recall(_ index: Int) throws(PickleRefusal) -> PickleValue {
    guard let value = memo[index] else { throw .damaged }
    return value
  }

  private mutating func makeTuple(_ count: Int) throws(PickleRefusal) {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    try pushTuple(values.reversed())
  }

  private mutating func pushTuple(_ values: [PickleValue]) throws(PickleRefusal) {
    let depth = 1 + (values.lazy.map(\.depth).max() ?? 0)
    guard depth <= 64 else { throw .damaged }
    stack.append(.tuple(values, depth: depth))
  }

  private func append(_ values: [PickleValue]) throws(PickleRefusal) {
    guard case .list(let list) = try top() else { throw .damaged }
    list.values += values
  }

  private func setItems(_ items: [PickleValue]) throws(PickleRefusal) {
    guard case .dictionary(let dictionary) = try top(), items.count.isMultiple(of: 2) else { throw .damaged }
    for index in stride(from: 0, to: items.count, by: 2) {
      dictionary.pairs.append((items[index], items[index + 1]))
    }
  }
}

// The bytes.
extension PickleReader {
  private mutating func take(_ count: Int) throws(PickleRefusal) -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else { throw .damaged }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  private mutating func byte() throws(PickleRefusal) -> UInt8 { try take(1)[0] }

  private mutating func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type
  ) throws(PickleRefusal) -> Integer {
    Integer(littleEndian: try take(MemoryLayout<Integer>.size).loadUnaligned(as: type))
  }

  private mutating func text(_ count: Int) throws(PickleRefusal) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  /// A text that ends with a line feed.
  private mutating func line() throws(PickleRefusal) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw .damaged }
    let line = try text(end - position)
    position += 1
    return line
  }

  /// A signed integer of up to eight bytes.
  private mutating func long() throws(PickleRefusal) -> Int {
    let bytes = try take(Int(try byte()))
    guard bytes.count <= 8 else { throw .damaged }
    var value = 0
    for (index, byte) in bytes.enumerated() { value |= Int(byte) << (8 * index) }
    let unused = 64 - 8 * bytes.count
    return bytes.isEmpty ? 0 : (value << unused) >> unused
  }
}
