import AsyncHTTPClient
import Audio
import Foundation
import NIOCore
import NIOHTTP1

extension S3Client {
  /// One exchange with the store.
  struct Request: Sendable {
    var method: HTTPMethod
    /// `nil` for the bucket itself.
    var key: String?
    var query: [String: String] = [:]
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// How many bytes of a good answer are taken; a larger one is refused.
    var limit = S3Client.errorLimit
    var attempts: Int?
    /// How long one attempt may take.
    var whole: Duration?
    /// Whether an error may follow in the body of a 200.
    var failsLate = false
  }

  static let errorLimit = 1 << 16

  struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]
  }

  private enum Outcome {
    case success(Answer)
    case failure(S3Error)
    /// Worth another attempt.
    case passing
  }

  private struct TooLong: Error { let status: Int }
  private struct TooSlow: Error {}

  /// Sends until there is an answer worth having.
  ///
  /// Pauses have full jitter:
  /// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
  func send(_ request: Request) async throws(S3Error) -> Answer {
    let payload = SHA256Digest.hexadecimal(of: request.body)
    let body = request.body.isEmpty ? nil : ByteBuffer(bytes: request.body)
    var longest = settings.pause
    for attempt in 1...max(request.attempts ?? settings.attempts, 1) {
      if attempt > 1 {
        try? await Task.sleep(for: min(longest, settings.longestPause) * Double.random(in: 0...1))
        longest *= 2
      }
      guard !Task.isCancelled else { break }
      switch await outcome(of: request, payload: payload, body: body) {
      case .success(let answer): return answer
      case .failure(let error): throw error
      case .passing: continue
      }
    }
    throw .unavailable
  }

  private func outcome(of request: Request, payload: String, body: ByteBuffer?) async -> Outcome {
    do {
      let signed = signed(request, payload: payload, body: body)
      // The client's own deadline ends with the answer's head, and a body may hang as well.
      let answer = try await withTimeLimit(request.whole ?? settings.whole, throwing: TooSlow()) {
        try await self.exchange(signed, limit: request.limit)
      }
      return Self.judge(answer, failsLate: request.failsLate)
    } catch let error as TooLong {
      return .failure(.unexpected(status: error.status))
    } catch {
      return .passing
    }
  }

  private func signed(_ request: Request, payload: String, body: ByteBuffer?) -> HTTPClientRequest {
    let query = SigV4.encode(request.query)
    let path = SigV4.encode(location.path(request.key), keeping: "/")
    var message = HTTPClientRequest(
      url: "\(location.scheme)://\(location.host)\(path)\(query.isEmpty ? "" : "?\(query)")")
    message.method = request.method
    let headers = signer.headers(
      signing: .init(
        method: request.method.rawValue, path: location.path(request.key), query: request.query,
        headers: request.headers.merging(["host": location.host]) { $1 }),
      payload: payload, at: now())
    message.headers = HTTPHeaders(headers.map { ($0.key, $0.value) })
    // Proxies and Google's front end change these on the way, so they must not be among the signed ones.
    message.headers.add(name: "user-agent", value: "chatterbox-swift")
    message.headers.add(name: "accept-encoding", value: "identity")
    message.body = body.map { .bytes($0) }
    return message
  }

  private func exchange(_ message: HTTPClientRequest, limit: Int) async throws -> Answer {
    let response = try await http.execute(message, deadline: .distantFuture)
    let status = Int(response.status.code)
    let isGood = (200..<300).contains(status)
    let limit = isGood ? limit : Self.errorLimit
    var body: [UInt8] = []
    for try await piece in response.body {
      guard body.count + piece.readableBytes <= limit else {
        // Of a long error the status is enough.
        if isGood { throw TooLong(status: status) } else { break }
      }
      body += piece.readableBytesView
    }
    return Answer(status: status, headers: response.headers, body: body)
  }

  /// Error codes: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.
  private static func judge(_ answer: Answer, failsLate: Bool) -> Outcome {
    let code = { S3XML(answer.body)?["Code"] }
    switch answer.status {
    case 200..<300:
      guard failsLate else { return .success(answer) }
      return S3XML(answer.body).map { $0.name != "Error" } ?? false ? .success(answer) : .passing
    case 403: return .failure(.refused)
    case 404: return .failure(code() == "NoSuchBucket" ? .noSuchBucket : .notFound)
    case 400 where ["RequestTimeout", "SlowDown"].contains(code()): return .passing
    // "Not implemented" and "insufficient storage" do not pass.
    case 501, 507: return .failure(.unexpected(status: answer.status))
    case 408, 429, 500...: return .passing
    default: return .failure(.unexpected(status: answer.status))
    }
  }
}
