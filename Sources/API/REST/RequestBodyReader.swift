import Foundation
import Hummingbird
import Service

/// Reads the bodies of requests, up to a bound.
struct RequestBodyReader: Sendable {
  /// How long a body may take, and the pace beyond that, in bytes a second.
  private static let patience = Duration.seconds(20)
  static let leastPace = 64 << 10

  /// The longest JSON body, in bytes.
  let maxBytes: Int

  /// A JSON body's bytes.
  ///
  /// - Throws: ``APIError`` when it says that it is something else, is too long, or broke off.
  func json(of request: Request) async throws -> Data {
    guard request.hasJSONType else { throw APIError.unsupportedMediaType }
    return try await bytes(of: request, upTo: maxBytes)
  }

  /// A body's bytes, whatever they are.
  func bytes(of request: Request, upTo limit: Int) async throws -> Data {
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
      throw APIError.bodyTooLarge(limit: limit)
    }
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw APIError.encodedBody
    }
    // Whoever sends a body drop by drop would keep a connection for nothing.
    let time = Self.patience + .seconds(limit / Self.leastPace)
    return try await withTimeLimit(time, throwing: APIError.bodyTooSlow) {
      try await collect(request, upTo: limit)
    }
  }

  private func collect(_ request: Request, upTo limit: Int) async throws -> Data {
    do {
      return Data(try await request.body.collect(upTo: limit).readableBytesView)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      throw APIError.bodyTooLarge(limit: limit)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw APIError.unreadableBody
    }
  }
}

extension Request {
  /// Whether the body says that it is JSON, or says nothing. Its charset does not matter: it must be UTF-8. A page of
  /// another site may send what says nothing, and is kept out by ``SiteGuard``.
  fileprivate var hasJSONType: Bool {
    guard let type = headers[.contentType] else { return true }
    let name = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    return name.lowercased() == "application/json"
  }
}
