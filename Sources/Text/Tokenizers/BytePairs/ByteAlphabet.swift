/// GPT-2's spelling of bytes: each of the 256 is one visible character, so that merges can be written as text.
///
/// Source: `bytes_to_unicode` in OpenAI's GPT-2.
enum ByteAlphabet {
  /// The character of each byte: itself where Latin-1 shows it, else the next one from U+0100.
  static let characters: [Unicode.Scalar] = {
    var next: UInt8 = 0
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(UInt16(0x100) + UInt16(next)) ?? " "
      }
    }
  }()

  /// The id of each byte.
  static func ids(in vocabulary: Vocabulary, file: String) throws(TokenizerError) -> [Int32] {
    var ids: [Int32] = []
    for character in characters {
      guard let id = vocabulary[String(character).utf8] else {
        throw .missing(file: file, key: "token \"\(character)\" for byte \(ids.count)")
      }
      ids.append(id)
    }
    return ids
  }
}
