import Foundation

/// A form with files, as browsers and curl send it.
///
/// Source: RFC 7578, and RFC 2046, section 5.1.
struct MultipartForm {
  struct Part: Equatable {
    let name: String
    /// What the client calls the file. Never a path of ours.
    let fileName: String?
    let bytes: Data
  }

  /// Why a body is no form.
  struct Malformed: Error, Equatable {
    let reason: String
  }

  private static let mostParts = 16
  private static let mostHeaderBytes = 4_096

  let parts: [Part]

  /// Reads a form.
  ///
  /// - Parameters:
  ///   - body: the whole of it.
  ///   - contentType: the header that names its boundary.
  /// - Throws: ``Malformed``.
  init(_ body: Data, contentType: String) throws(Malformed) {
    guard let boundary = Self.boundary(in: contentType) else {
      throw Malformed(reason: "The Content-Type names no boundary.")
    }
    let delimiter = Data("--\(boundary)".utf8)
    guard body.starts(with: delimiter) else {
      throw Malformed(reason: "The form does not begin with its boundary.")
    }
    var parts: [Part] = []
    var position = body.startIndex + delimiter.count
    while true {
      let mark = body[position...].prefix(2)
      if mark == Data("--".utf8) { break }
      guard mark == Data("\r\n".utf8) else {
        throw Malformed(reason: "The form breaks off, or a boundary is damaged.")
      }
      guard parts.count < Self.mostParts else { throw Malformed(reason: "The form has too many parts.") }
      guard let end = body.range(of: Data("\r\n".utf8) + delimiter, in: (position + 2)..<body.endIndex) else {
        throw Malformed(reason: "The form breaks off.")
      }
      parts.append(try Self.part(body[(position + 2)..<end.lowerBound]))
      position = end.upperBound
    }
    self.parts = parts
  }

  private static func boundary(in contentType: String) -> String? {
    let pattern = /multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))(?:\s*;.*)?/
    guard let match = contentType.wholeMatch(of: pattern.ignoresCase()) else { return nil }
    return (match.output.1 ?? match.output.2).map(String.init)
  }

  private static func part(_ bytes: Data) throws(Malformed) -> Part {
    let limit = min(bytes.startIndex + mostHeaderBytes, bytes.endIndex)
    guard let end = bytes.range(of: Data("\r\n\r\n".utf8), in: bytes.startIndex..<limit),
      let headers = String(validating: bytes[..<end.lowerBound], as: UTF8.self)
    else { throw Malformed(reason: "A part has no headers, or too long ones.") }
    let disposition = headers.components(separatedBy: "\r\n").first {
      $0.lowercased().hasPrefix("content-disposition:")
    }
    guard let disposition, disposition.lowercased().contains("form-data"),
      let name = parameter("name", in: disposition)
    else { throw Malformed(reason: "A part has no name.") }
    return Part(
      name: name, fileName: parameter("filename", in: disposition), bytes: Data(bytes[end.upperBound...]))
  }

  private static func parameter(_ name: String, in header: String) -> String? {
    for field in header.split(separator: ";").dropFirst() {
      let sides = field.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, sides[0].trimmingCharacters(in: .whitespaces).lowercased() == name else {
        continue
      }
      return sides[1].trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
    }
    return nil
  }
}
