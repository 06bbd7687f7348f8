import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks the Hugging Face hub's URL scheme.
///
/// Redirects are followed here and not by the library, so that the token goes to the endpoint only.
///
/// Source: https://huggingface.co/docs/hub/api and `file_download.py` of the Python client.
struct HubClient: Sendable {
  /// An answer, after redirects.
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: HTTPClientResponse.Body
    /// The headers of the hub itself, where a redirect led elsewhere.
    let hubHeaders: HTTPHeaders
    /// Whether the hub itself answered.
    let isFromHub: Bool
  }

  private static let redirectLimit = 5

  let configuration: HubConfiguration
  private let direct: HTTPClient
  private let proxied: HTTPClient?

  /// Opens a client, and closes its connections at the end of the work.
  static func with<Result>(
    _ configuration: HubConfiguration, _ work: (HubClient) async throws -> Result
  ) async throws -> Result {
    let client = HubClient(configuration)
    do {
      let result = try await work(client)
      try await client.shutdown()
      return result
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  private init(_ configuration: HubConfiguration) {
    self.configuration = configuration
    var settings = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(20), read: .nanoseconds(configuration.silence.nanoseconds)))
    // Over HTTP/2 the library's small flow-control window slows large files down.
    settings.httpVersion = .http1Only
    // ``RetryPolicy`` decides, and says so.
    settings.connectionPool.retryConnectionEstablishment = false
    direct = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    proxied = configuration.proxies.server(for: configuration.endpoint).map { server in
      settings.proxy = .server(
        host: server.host, port: server.port,
        authorization: server.user.map { .basic(username: $0, password: server.password ?? "") })
      return HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }
  }

  private func shutdown() async throws {
    try await direct.shutdown()
    try await proxied?.shutdown()
  }

  /// Sends a request and follows its redirects.
  ///
  /// - Parameters:
  ///   - leavesHub: whether redirects to other servers are followed; else they are the answer.
  /// - Throws: ``PassingFailure``; ``ModelStoreError`` for a redirect that leads nowhere or away from TLS.
  func send(
    _ method: HTTPMethod, _ url: URL, headers: HTTPHeaders = [:], leavesHub: Bool = true
  ) async throws -> Answer {
    var url = url
    var hubHeaders = HTTPHeaders()
    for _ in 0...Self.redirectLimit {
      let response = try await hop(method, url, headers: headers)
      let isFromHub = configuration.isEndpoint(url)
      if isFromHub { hubHeaders = response.headers }
      let answer = Answer(
        status: Int(response.status.code), headers: response.headers, body: response.body,
        hubHeaders: hubHeaders, isFromHub: isFromHub)
      guard [301, 302, 303, 307, 308].contains(answer.status) else { return answer }
      let target = response.headers.first(name: "location").flatMap { URL(string: $0, relativeTo: url) }
      guard let target = target?.absoluteURL, ["http", "https"].contains(target.scheme?.lowercased() ?? ""),
        target.scheme?.lowercased() == "https" || url.scheme?.lowercased() == "http"
      else { throw Self.badRedirect }
      if !leavesHub, !configuration.isEndpoint(target) { return answer }
      url = target
    }
    throw Self.badRedirect
  }

  private static let badRedirect = ModelStoreError(
    .unexpectedAnswer, "The hub redirects to an address that cannot be followed. Check HF_ENDPOINT.")

  private func hop(_ method: HTTPMethod, _ url: URL, headers: HTTPHeaders) async throws -> HTTPClientResponse
  {
    var request = HTTPClientRequest(url: url.absoluteString)
    request.method = method
    request.headers = headers
    request.headers.replaceOrAdd(name: "user-agent", value: "chatterbox-swift")
    request.headers.replaceOrAdd(name: "accept-encoding", value: "identity")
    if let token = configuration.token, configuration.isEndpoint(url) {
      request.headers.replaceOrAdd(name: "authorization", value: "Bearer \(token)")
    }
    let client = configuration.proxies.server(for: url) == nil ? direct : proxied ?? direct
    do {
      return try await client.execute(request, deadline: .distantFuture)
    } catch {
      throw PassingFailure.connection(error, host: url.host ?? "")
    }
  }
}

extension PassingFailure {
  /// A connection that failed; cancellation stays what it is.
  static func connection(_ error: any Error, host: String, hadBegun: Bool = false) -> any Error {
    if error is CancellationError || error is ModelStoreError || error is PassingFailure { return error }
    if let error = error as? HTTPClientError {
      switch error {
      case .cancelled: return CancellationError()
      case .connectTimeout, .readTimeout, .deadlineExceeded:
        return PassingFailure(reason: "\(host) does not answer")
      case .remoteConnectionClosed, .bodyLengthMismatch, .uncleanShutdown:
        return PassingFailure(reason: "\(host) closed the connection")
      default: break
      }
    }
    if "\(error)".contains("CERTIFICATE_VERIFY_FAILED") {
      return PassingFailure(reason: "this machine does not trust the certificate of \(host)")
    }
    return PassingFailure(
      reason: hadBegun ? "the connection was cut" : "there is no connection to \(host)")
  }
}

extension Duration {
  /// In whole nanoseconds.
  var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }
}
