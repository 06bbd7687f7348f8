/// Where the stored members of a ZIP archive lie. `torch.save` compresses nothing, so a member is a range.
///
/// Source: PKWARE, "APPNOTE.TXT", 4.3 and 4.5.3.
struct ZipDirectory {
  /// Members by name: the range of their bytes in the file.
  let members: [String: Range<Int>]

  /// Reads the central directory.
  ///
  /// - Throws: ``TensorError/unreadableFile(name:reason:)``.
  init(_ file: MappedFile, name: String) throws(TensorError) {
    let reader = ZipReader(file: file, name: name)
    var (position, count) = try reader.centralDirectory()
    var members: [String: Range<Int>] = [:]
    while count > 0 {
      let member = try reader.member(at: &position)
      members[member.name] = member.range
      count -= 1
    }
    self.members = members
  }
}

private struct ZipReader {
  let file: MappedFile
  let name: String

  private var bytes: UnsafeRawBufferPointer { file.bytes }

  private func damaged(_ what: String) -> TensorError {
    .unreadableFile(name: name, reason: "it is truncated, or not a PyTorch file (\(what))")
  }

  private func short(_ offset: Int) throws(TensorError) -> Int { Int(try integer(offset, UInt16.self)) }

  private func word(_ offset: Int) throws(TensorError) -> Int { Int(try integer(offset, UInt32.self)) }

  private func integer<Integer: FixedWidthInteger>(
    _ offset: Int, _ type: Integer.Type
  ) throws(TensorError) -> Integer {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Integer>.size else {
      throw damaged("a record lies outside it")
    }
    return file.integer(at: offset, as: type)
  }

  /// Where the central directory starts, and how many members it has.
  func centralDirectory() throws(TensorError) -> (position: Int, count: Int) {
    // The end record is the last 22 bytes, but for a comment of at most 65,535.
    var end = bytes.count - 22
    let first = max(0, end - 65_535)
    while end >= first, try word(end) != 0x0605_4B50 { end -= 1 }
    guard end >= first else { throw damaged("no end record") }
    var count = try short(end + 10)
    var position = try word(end + 16)
    if position == 0xFFFF_FFFF || count == 0xFFFF {
      guard end >= 20, try word(end - 20) == 0x0706_4B50 else { throw damaged("no 64-bit end record") }
      let record = Int(clamping: try integer(end - 12, UInt64.self))
      guard try word(record) == 0x0606_4B50 else { throw damaged("no 64-bit end record") }
      count = Int(clamping: try integer(record + 32, UInt64.self))
      position = Int(clamping: try integer(record + 48, UInt64.self))
    }
    return (position, count)
  }

  /// The member of the directory's record at `position`, which moves to the next one.
  func member(at position: inout Int) throws(TensorError) -> (name: String, range: Range<Int>) {
    guard try word(position) == 0x0201_4B50 else { throw damaged("a damaged directory") }
    let method = try short(position + 10)
    var size = try word(position + 24)
    let lengths = (
      name: try short(position + 28), extra: try short(position + 30), comment: try short(position + 32)
    )
    var header = try word(position + 42)
    let nameStart = position + 46
    let extraStart = nameStart + lengths.name
    guard extraStart + lengths.extra + lengths.comment <= bytes.count else {
      throw damaged("a damaged directory")
    }
    let memberName = String(decoding: bytes[nameStart..<extraStart], as: UTF8.self)
    try readLargeSizes(extraStart..<extraStart + lengths.extra, size: &size, header: &header)
    position = extraStart + lengths.extra + lengths.comment
    guard method == 0 else { throw damaged("a compressed member") }
    guard try word(header) == 0x0403_4B50 else { throw damaged("a member without a header") }
    let start = header + 30 + (try short(header + 26)) + (try short(header + 28))
    guard start <= bytes.count, size <= bytes.count - start else { throw damaged("a member lies outside it") }
    return (memberName, start..<start + size)
  }

  /// Sizes and places beyond 32 bits stand in an extra field, in this order, only where they are needed.
  private func readLargeSizes(
    _ extra: Range<Int>, size: inout Int, header: inout Int
  ) throws(TensorError) {
    guard size == 0xFFFF_FFFF || header == 0xFFFF_FFFF else { return }
    var field = extra.lowerBound
    while field + 4 <= extra.upperBound {
      if try short(field) == 1 {
        var value = field + 4
        if size == 0xFFFF_FFFF {
          size = Int(clamping: try integer(value, UInt64.self))
          // The compressed size, equal here, stands between the two if it was too large as well.
          value += try short(field + 2) >= 24 ? 16 : 8
        }
        if header == 0xFFFF_FFFF { header = Int(clamping: try integer(value, UInt64.self)) }
        return
      }
      field += 4 + (try short(field + 2))
    }
    throw damaged("a member without its size")
  }
}
