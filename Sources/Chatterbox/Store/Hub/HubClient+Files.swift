import Foundation
import NIOCore
import NIOHTTP1

/// A file of a repository at a commit.
struct HubFile: Hashable, Sendable {
  let repository: String
  let commit: String
  let path: String
}

extension HubClient {
  /// The largest list of files that is read, in bytes.
  private static let longestList = 16 << 20

  /// The files of a repository at a branch, tag or commit.
  ///
  /// - Throws: ``ModelStoreError``; ``PassingFailure``; `CancellationError`.
  func revision(_ revision: String, of repository: String) async throws -> HubRevision {
    let components =
      ["api", "models"] + repository.split(separator: "/").map(String.init) + ["revision", revision]
    guard let url = configuration.url(components, query: "blobs=true") else { throw Self.badAddress }
    let answer = try await send(.GET, url)
    try check(answer, repository: repository, what: "revision '\(revision)' of \(repository)")
    do {
      let body = try await answer.body.collect(upTo: Self.longestList)
      return try HubRevision(json: Data(body.readableBytesView), repository: repository)
    } catch is NIOTooManyBytesError {
      throw ModelStoreError(.unexpectedAnswer, "The hub's list of \(repository)'s files is too long.")
    } catch {
      throw PassingFailure.connection(error, host: url.host ?? "")
    }
  }

  /// Asks for a file, from an offset on.
  ///
  /// - Parameters:
  ///   - offset: bytes to leave out.
  ///   - tag: the entity tag of those bytes; with another one the server sends the whole file.
  /// - Throws: ``ModelStoreError``; ``PassingFailure``; `CancellationError`.
  func open(_ file: HubFile, from offset: Int, tag: String?) async throws -> Answer {
    var headers = HTTPHeaders()
    if offset > 0 { headers.add(name: "range", value: "bytes=\(offset)-") }
    if offset > 0, let tag { headers.add(name: "if-range", value: tag) }
    let answer = try await send(.GET, try address(of: file), headers: headers)
    if answer.status != 416 { try check(answer, of: file) }
    return answer
  }

  /// The size and checksum of a file, for hubs whose list does not have them.
  func describe(_ file: HubFile) async throws -> HubRevision.File {
    let answer = try await send(.HEAD, try address(of: file), leavesHub: false)
    if !(300..<400).contains(answer.status) { try check(answer, of: file) }
    let headers = answer.hubHeaders
    let size = headers.first(name: "x-linked-size") ?? answer.headers.first(name: "content-length")
    return HubRevision.File(
      path: file.path, size: size.flatMap { Int($0) },
      checksum: FileChecksum(headers.first(name: "x-linked-etag") ?? headers.first(name: "etag")))
  }

  private func address(of file: HubFile) throws -> URL {
    let repository = file.repository.split(separator: "/").map(String.init)
    let path = file.path.split(separator: "/").map(String.init)
    guard let url = configuration.url(repository + ["resolve", file.commit] + path) else {
      throw Self.badAddress
    }
    return url
  }

  private static let badAddress = ModelStoreError(
    .unexpectedAnswer, "The hub's address makes no sense: check HF_ENDPOINT.")

  private func check(_ answer: Answer, of file: HubFile) throws {
    try check(answer, repository: file.repository, what: "'\(file.path)' in \(file.repository)")
  }

  /// Turns a refusal into an error that says what to do.
  private func check(_ answer: Answer, repository: String, what: String) throws {
    let code = answer.headers.first(name: "x-error-code")
    switch answer.status {
    case 200, 206: return
    case 408, 425, 429, 500...599:
      throw PassingFailure(
        reason: "the server answered \(answer.status)",
        pause: answer.headers.first(name: "retry-after").flatMap { Int($0) }.map {
          .seconds(max(0, min($0, 3600)))
        })
    case 400..<500 where !answer.isFromHub:
      // The address of a content server is signed and expires; the hub gives a new one.
      throw PassingFailure(reason: "the content server answered \(answer.status)")
    case 401 where code == "RepoNotFound", 404: throw notFound(what, repository: repository)
    case 401, 403: throw denied(repository, isGated: code == "GatedRepo")
    default:
      throw ModelStoreError(
        .unexpectedAnswer, "The hub answered \(answer.status) when asked for \(what). Check HF_ENDPOINT.")
    }
  }

  private func notFound(_ what: String, repository: String) -> ModelStoreError {
    let advice =
      configuration.token == nil
      ? "Check its name; if it is private, set HF_TOKEN." : "Check its name, and that HF_TOKEN may read it."
    return ModelStoreError(.notFound, "The hub has no \(what). \(advice)")
  }

  private func denied(_ repository: String, isGated: Bool) -> ModelStoreError {
    let page = "\(configuration.endpoint.host ?? "the hub")/\(repository)"
    let advice =
      switch (isGated, configuration.token == nil) {
      case (true, true): "Accept its terms at \(page), then set HF_TOKEN to your access token."
      case (true, false): "Accept its terms at \(page) with the account of HF_TOKEN."
      case (false, true): "Set HF_TOKEN to an access token that may read it."
      case (false, false): "HF_TOKEN is not accepted there: check that it is current and may read it."
      }
    return ModelStoreError(.accessDenied, "\(repository) is \(isGated ? "gated" : "private"). \(advice)")
  }
}
