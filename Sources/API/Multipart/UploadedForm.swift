import Chatterbox
import Foundation
import Hummingbird
import Service

/// The fields of an upload, read strictly.
struct UploadedForm {
  /// The most bytes of an upload.
  static let mostBytes = 25 << 20

  private let parts: [MultipartForm.Part]

  /// Reads a form.
  ///
  /// - Parameter known: the names that it may have, each at most once.
  /// - Throws: ``APIError`` when it is no form; ``ChatterboxError`` that names the field at fault.
  init(_ request: Request, _ bodies: RequestBodyReader, known: [String]) async throws {
    guard let type = request.headers[.contentType], type.lowercased().hasPrefix("multipart/form-data") else {
      throw APIError.formExpected
    }
    let body = try await bodies.bytes(of: request, upTo: Self.mostBytes)
    do {
      parts = try MultipartForm(body, contentType: type).parts
    } catch {
      throw APIError(status: .badRequest, code: "invalid_form", message: error.reason)
    }
    for part in parts {
      guard known.contains(part.name) else {
        throw ChatterboxError.unknown(
          .unknownField, "field", part.name, among: known, field: String(part.name.prefix(64)))
      }
      guard parts.count(where: { $0.name == part.name }) == 1 else {
        throw ChatterboxError.invalid(part.name, "there once")
      }
    }
  }

  /// A file's bytes.
  func file(_ name: String) throws(ChatterboxError) -> (bytes: Data, name: String?) {
    guard let part = parts.first(where: { $0.name == name }), !part.bytes.isEmpty else {
      throw .invalid(name, "a file that is not empty")
    }
    return (part.bytes, part.fileName)
  }

  /// A short text.
  func text(_ name: String) throws(ChatterboxError) -> String? {
    guard let part = parts.first(where: { $0.name == name }) else { return nil }
    guard part.bytes.count <= 1_000, let text = String(validating: part.bytes, as: UTF8.self) else {
      throw .invalid(name, "a short text in UTF-8")
    }
    return text
  }
}
