import Foundation
import Hummingbird

extension Response {
  /// A response whose body is a value's JSON.
  init(json value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var headers = headers
    headers[.contentType] = "application/json"
    let bytes = ByteBuffer(bytes: try encoder.encode(value))
    self.init(status: status, headers: headers, body: .init(byteBuffer: bytes))
  }
}
