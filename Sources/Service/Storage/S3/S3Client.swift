package import AsyncHTTPClient
import Audio
package import Foundation
import NIOCore
import NIOHTTP1

/// The few operations of an object store that we need, over one HTTP client.
///
/// From <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>.
package struct S3Client: Sendable {
  /// How patient it is, and in what pieces it works.
  package struct Settings: Hashable, Sendable {
    package var connect = Duration.seconds(3)
    /// For one attempt.
    package var whole = Duration.seconds(30)
    package var attempts = 4
    /// The first pause's upper bound; each next one's is twice as long.
    package var pause = Duration.milliseconds(100)
    package var longestPause = Duration.seconds(2)
    /// Files above this go up in parts.
    package var singlePut = 16 << 20
    /// S3's own least size of a part, but for the last, is 5 MiB.
    package var part = 8 << 20
    package var parallelParts = 3

    package init() {}
  }

  /// What is known of an object without its bytes.
  package struct Head: Hashable, Sendable {
    package let byteCount: Int
    package let contentType: String?
    /// The user metadata `sha256`.
    package let sha256: String?
  }

  package let location: S3Location
  package let settings: Settings
  let http: HTTPClient
  let now: @Sendable () -> Date

  var signer: SigV4 {
    SigV4(
      accessKeyID: location.accessKeyID, secretAccessKey: location.secretAccessKey, region: location.region)
  }

  /// - Parameters:
  ///   - http: from ``makeHTTP(_:)``; whoever made it shuts it down.
  ///   - now: the time that requests are signed with.
  package init(
    _ location: S3Location, over http: HTTPClient, settings: Settings = .init(),
    now: @escaping @Sendable () -> Date = { .now }
  ) {
    (self.location, self.http, self.settings, self.now) = (location, http, settings, now)
  }

  /// An HTTP client with the right habits: no redirects, for they would not be signed for.
  package static func makeHTTP(_ settings: Settings = .init()) -> HTTPClient {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .milliseconds(Int64(settings.connect / .milliseconds(1)))))
    // Over HTTP/2 the library's small flow-control window slows large bodies down.
    configuration.httpVersion = .http1Only
    // ``Settings/attempts`` decides.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Writes an object.
  package func put(
    _ bytes: [UInt8], to key: String, contentType: String, metadata: [String: String] = [:]
  ) async throws(S3Error) {
    let headers = Self.headers(contentType: contentType, metadata: metadata)
    _ = try await send(.init(method: .PUT, key: key, headers: headers, body: bytes))
  }

  /// Bytes of an object; a store that has fewer answers with fewer.
  package func get(_ key: String, range: Range<Int>) async throws(S3Error) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    let answer = try await send(
      .init(
        method: .GET, key: key, headers: ["range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)"],
        limit: range.count))
    // A server may ignore the header (RFC 9110, section 14.2), or answer from elsewhere; rclone says 200 for
    // parts, too. So the place is believed, and not the status.
    let place = answer.headers.first(name: "content-range")
    guard place.map({ $0.hasPrefix("bytes \(range.lowerBound)-") }) ?? (range.lowerBound == 0) else {
      throw .unexpected(status: answer.status)
    }
    return answer.body
  }

  /// A whole object of a bounded size.
  package func get(_ key: String, atMost limit: Int) async throws(S3Error) -> [UInt8] {
    try await send(.init(method: .GET, key: key, limit: limit)).body
  }

  package func head(_ key: String) async throws(S3Error) -> Head {
    let headers = try await send(.init(method: .HEAD, key: key)).headers
    guard let byteCount = headers.first(name: "content-length").flatMap({ Int($0) }) else {
      throw .unexpected(status: 200)
    }
    return Head(
      byteCount: byteCount, contentType: headers.first(name: "content-type"),
      // Google keeps the metadata under its own prefix.
      sha256: headers.first(name: "x-amz-meta-sha256") ?? headers.first(name: "x-goog-meta-sha256"))
  }

  /// Asks for the bucket once, quickly.
  package func headBucket() async throws(S3Error) {
    do throws(S3Error) {
      let whole = min(settings.whole, .seconds(5))
      _ = try await send(.init(method: .HEAD, attempts: 1, whole: whole))
    } catch .notFound {
      // The answer to a HEAD has no body that could tell.
      throw .noSuchBucket
    }
  }

  /// Deletes an object. One that does not exist is no error; Google says 404 where others say 204.
  package func delete(_ key: String) async throws(S3Error) {
    do throws(S3Error) { _ = try await send(.init(method: .DELETE, key: key)) } catch .notFound {}
  }

  /// An address that gives an object to whoever has it, for a while.
  ///
  /// - Parameters:
  ///   - expires: brought into 1 second...7 days.
  ///   - contentType: replaces the object's own.
  package func presignedURL(_ key: String, expires: Duration, contentType: String? = nil) -> URL {
    let path = location.path(key)
    var query: [String: String] = [:]
    query["response-content-type"] = contentType
    let life = min(max(expires, .seconds(1)), .seconds(SigV4.longestLife)).components.seconds
    let signed = signer.query(
      presigning: .init(method: "GET", path: path, query: query, headers: ["host": location.host]),
      life: Int(life), at: now())
    let text = "\(location.scheme)://\(location.host)\(SigV4.encode(path, keeping: "/"))?\(signed)"
    return URL(string: text) ?? location.endpoint
  }

  static func headers(contentType: String, metadata: [String: String]) -> [String: String] {
    metadata.reduce(into: ["content-type": contentType]) {
      $0["x-amz-meta-\($1.key.lowercased())"] = $1.value
    }
  }
}
