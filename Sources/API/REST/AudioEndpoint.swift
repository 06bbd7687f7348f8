import Audio
import Foundation
import Hummingbird
import Service

/// `GET /api/v1/audio/{id}`: audio that was kept, whole or in part.
struct AudioEndpoint: Sendable {
  let storage: any AudioStorage

  /// - Throws: ``APIError`` when there is none of this identifier; ``StorageError``.
  func respond(to request: Request, _ context: APIContext) async throws -> Response {
    guard let audio = try await storage.audio(try context.parameters.require("id")) else {
      throw APIError.noAudio
    }
    return try await response(audio, to: request)
  }

  /// An audio as an answer, or the part of it that a player asks for.
  func response(_ audio: StoredAudio, to request: Request) async throws -> Response {
    var headers: HTTPFields = [
      .contentType: audio.format.mediaType,
      .cacheControl: "private, max-age=31536000, immutable",
      .eTag: "\"\(audio.sha256)\"",
      .acceptRanges: "bytes",
      .audioSHA256: audio.sha256,
    ]
    if request.headers[.ifNoneMatch] == headers[.eTag] {
      return Response(status: .notModified, headers: headers)
    }
    let range: Range<Int>
    switch ByteRange(request.headers[.range], of: audio.byteCount) {
    case .whole: range = 0..<audio.byteCount
    case .part(let part):
      range = part
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(audio.byteCount)"
    case .impossible:
      throw APIError.rangeNotSatisfiable(byteCount: audio.byteCount)
    }
    // Read once before the answer begins: damage is an error, not a broken body.
    _ = try await storage.read(audio, range: range.lowerBound..<min(range.lowerBound + 1, range.upperBound))
    return Response(
      status: headers[.contentRange] == nil ? .ok : .partialContent, headers: headers,
      body: body(of: audio, range))
  }

  private func body(of audio: StoredAudio, _ range: Range<Int>) -> ResponseBody {
    ResponseBody(contentLength: range.count) { writer in
      for offset in stride(from: range.lowerBound, to: range.upperBound, by: 256 << 10) {
        let part = offset..<min(offset + 256 << 10, range.upperBound)
        try await writer.write(ByteBuffer(bytes: try await storage.read(audio, range: part)))
      }
      try await writer.finish(nil)
    }
  }
}

/// The part of something that a `Range` header asks for.
///
/// Source: RFC 9110, section 14. Of several parts the whole is sent, as the RFC allows.
enum ByteRange: Hashable {
  case whole
  case part(Range<Int>)
  case impossible

  init(_ header: String?, of count: Int) {
    guard let match = header?.wholeMatch(of: /bytes=([0-9]{0,18})-([0-9]{0,18})/) else {
      self = .whole
      return
    }
    switch (Int(match.output.1), Int(match.output.2)) {
    case (nil, nil): self = .whole
    case (nil, let last?): self = last == 0 ? .impossible : .part(max(0, count - last)..<count)
    case (let first?, nil): self = first < count ? .part(first..<count) : .impossible
    case (let first?, let last?):
      self = first > last ? .whole : first < count ? .part(first..<min(last + 1, count)) : .impossible
    }
  }
}
