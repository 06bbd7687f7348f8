import Audio
import Crypto
package import Foundation

/// AWS Signature Version 4 for S3.
///
/// From <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html> and
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>. Unlike other services, S3
/// encodes a path once and does not normalise it.
package struct SigV4: Sendable {
  /// What is signed. Nothing in it is encoded.
  package struct Request: Sendable {
    package var method: String
    package var path: String
    package var query: [String: String]
    /// By lower-case name; `host` is among them. All of them are signed.
    package var headers: [String: String]

    package init(method: String, path: String, query: [String: String] = [:], headers: [String: String]) {
      (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
    }
  }

  /// The longest life of a pre-signed address: seven days.
  package static let longestLife = 604_800

  let accessKeyID: String
  let secretAccessKey: String
  let region: String

  package init(accessKeyID: String, secretAccessKey: String, region: String) {
    (self.accessKeyID, self.secretAccessKey, self.region) = (accessKeyID, secretAccessKey, region)
  }

  /// All headers of a signed request.
  ///
  /// - Parameters:
  ///   - payload: the SHA-256 of the body in lower-case hexadecimal.
  ///   - now: S3 refuses what is more than 15 minutes off.
  package func headers(signing request: Request, payload: String, at now: Date) -> [String: String] {
    var request = request
    request.headers["x-amz-date"] = now.formatted(Self.stamp)
    request.headers["x-amz-content-sha256"] = payload
    let signature = signature(of: request, payload: payload, at: now)
    request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope(at: now)),"
      + "SignedHeaders=\(Self.names(of: request)),Signature=\(signature)"
    return request.headers
  }

  /// The query of a pre-signed address, encoded.
  ///
  /// - Parameter life: in seconds; brought into 1...604800.
  package func query(presigning request: Request, life: Int, at now: Date) -> String {
    var request = request
    request.query["X-Amz-Algorithm"] = "AWS4-HMAC-SHA256"
    request.query["X-Amz-Credential"] = "\(accessKeyID)/\(scope(at: now))"
    request.query["X-Amz-Date"] = now.formatted(Self.stamp)
    request.query["X-Amz-Expires"] = "\(min(max(life, 1), Self.longestLife))"
    request.query["X-Amz-SignedHeaders"] = Self.names(of: request)
    let signature = signature(of: request, payload: "UNSIGNED-PAYLOAD", at: now)
    return "\(Self.encode(request.query))&X-Amz-Signature=\(signature)"
  }

  private func signature(of request: Request, payload: String, at now: Date) -> String {
    let text = [
      "AWS4-HMAC-SHA256", now.formatted(Self.stamp), scope(at: now),
      SHA256Digest.hexadecimal(of: Array(Self.canonical(request, payload: payload).utf8)),
    ].joined(separator: "\n")
    var key = Array("AWS4\(secretAccessKey)".utf8)
    for part in [Self.day(of: now), region, "s3", "aws4_request", text] { key = Self.hmac(part, key: key) }
    return key.hexadecimal
  }

  private func scope(at now: Date) -> String { "\(Self.day(of: now))/\(region)/s3/aws4_request" }

  static func canonical(_ request: Request, payload: String) -> String {
    let headers = request.headers.sorted { $0.key < $1.key }.map { "\($0.key):\(trimmed($0.value))\n" }
    return [
      request.method, encode(request.path, keeping: "/"), encode(request.query), headers.joined(),
      names(of: request), payload,
    ].joined(separator: "\n")
  }

  /// A query, encoded and in order. The order is that of the encoded bytes.
  static func encode(_ query: [String: String]) -> String {
    query.map { (encode($0.key), encode($0.value)) }
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  /// Encodes all bytes but RFC 3986's unreserved ones. Foundation's own sets leave more as it is.
  static func encode(_ text: String, keeping kept: String = "") -> String {
    let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8).union(kept.utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    return String(
      decoding: text.utf8.flatMap { byte in
        kept.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }, as: UTF8.self)
  }

  private static func names(of request: Request) -> String {
    request.headers.keys.sorted().joined(separator: ";")
  }

  private static func trimmed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  private static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }

  private static func day(of now: Date) -> String { String(now.formatted(stamp).prefix(8)) }

  /// `20130524T000000Z`.
  private static let stamp = Date.ISO8601FormatStyle(
    dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted,
    timeZoneSeparator: .omitted, includingFractionalSeconds: false, timeZone: .gmt)
}
