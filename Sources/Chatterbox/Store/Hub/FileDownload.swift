import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Fetches one file into a folder: goes on where an earlier attempt stopped, tries again after a cut, and
/// gives the file its name only when its bytes are those that the hub promised.
struct FileDownload {
  let client: HubClient
  let file: HubFile
  let size: Int
  let checksum: FileChecksum
  let report: @Sendable (StoreEvent) -> Void

  private var name: String { file.path }

  /// Fetches the file.
  ///
  /// - Returns: its SHA-256.
  /// - Throws: ``ModelStoreError``; `CancellationError`, which leaves what is here for the next attempt.
  func run(into folder: URL) async throws -> String {
    var part = try PartialFile(name, in: folder, expectedSize: size, checksum: checksum)
    var meter = ProgressMeter(.download, name, total: size, report: report)
    if try await isCompleted(&part, &meter) { return try finish(part, meter) }
    // What an earlier attempt left may be at fault, so there is a second try from the beginning.
    report(.restarting(file: name))
    try part.restart()
    if try await isCompleted(&part, &meter) { return try finish(part, meter) }
    try part.restart()
    throw ModelStoreError(
      .damaged,
      "'\(name)' arrived twice with bytes other than \(file.repository) promises. Try again later, or another HF_ENDPOINT."
    )
  }

  private func finish(_ part: borrowing PartialFile, _ meter: ProgressMeter) throws -> String {
    try part.keep()
    meter.finish()
    return part.digest.hexadecimal
  }

  /// Fetches until all bytes are here, and says whether they are the right ones.
  private func isCompleted(_ part: inout PartialFile, _ meter: inout ProgressMeter) async throws -> Bool {
    var failures = 0
    var furthest = part.size
    while part.size < size {
      do {
        guard try await fetch(&part, &meter) else { return false }
        if part.size < size { throw PassingFailure(reason: "the connection was cut") }
      } catch let failure as PassingFailure {
        if part.size >= furthest + client.configuration.retries.progress { failures = 0 }
        furthest = max(furthest, part.size)
        failures += 1
        try await client.pause(after: failure, failures: failures, name, report)
      }
    }
    return part.digest.isExpected
  }

  /// Fetches what is missing in one request.
  ///
  /// - Returns: `false` when more bytes came than the file has.
  private func fetch(_ part: inout PartialFile, _ meter: inout ProgressMeter) async throws -> Bool {
    let answer = try await client.open(file, from: part.size, tag: part.entityTag)
    try checkIdentity(answer)
    if answer.status == 416 || !continues(answer, at: part.size) {
      if part.size > 0 { try part.restart() }
      if answer.status != 200 { throw PassingFailure(reason: "the server sent another part of the file") }
    }
    part.entityTag = answer.headers.first(name: "etag")
    do {
      for try await buffer in answer.body {
        guard part.size + buffer.readableBytes <= size else { return false }
        try buffer.withUnsafeReadableBytes { try part.append($0) }
        meter.show(part.size)
      }
    } catch {
      try Task.checkCancellation()
      throw PassingFailure.connection(error, host: client.configuration.endpoint.host ?? "", hadBegun: true)
    }
    return true
  }

  /// Whether an answer goes on at an offset.
  private func continues(_ answer: HubClient.Answer, at offset: Int) -> Bool {
    guard answer.status == 206 else { return offset == 0 && answer.status == 200 }
    let range = answer.headers.first(name: "content-range") ?? ""
    return range.hasPrefix("bytes \(offset)-") && range.hasSuffix("/\(size)")
  }

  /// Checks that the hub still means the same file.
  private func checkIdentity(_ answer: HubClient.Answer) throws {
    let headers = answer.hubHeaders
    let commit = headers.first(name: "x-repo-commit")
    let linked = headers.first(name: "x-linked-size").flatMap { Int($0) }
    let tag = FileChecksum(headers.first(name: "x-linked-etag"))
    let isSame =
      (commit == nil || commit == file.commit) && (linked == nil || linked == size)
      && (tag == nil || tag == checksum)
    guard isSame else {
      throw ModelStoreError(
        .unexpectedAnswer,
        "The hub describes '\(name)' in two different ways. Try again later, or another HF_ENDPOINT.")
    }
  }
}

extension HubClient {
  /// Waits before the next attempt.
  ///
  /// - Throws: ``ModelStoreError`` after too many failures in a row; `CancellationError`.
  func pause(
    after failure: PassingFailure, failures: Int, _ name: String, _ report: (StoreEvent) -> Void
  ) async throws {
    guard failures < configuration.retries.attempts else {
      throw ModelStoreError(
        .unreachable,
        "\(name): \(failure.reason), \(failures) times in a row. Check the network and run the same command: what is here is kept."
      )
    }
    let pause = configuration.retries.pause(after: failures, asked: failure.pause)
    report(.retrying(file: name, reason: failure.reason, pause: pause))
    try await Task.sleep(for: pause)
  }

  /// Does something that may fail in passing, again and again.
  func retrying<Value>(
    _ name: String, _ report: (StoreEvent) -> Void, _ work: () async throws -> Value
  ) async throws -> Value {
    var failures = 0
    while true {
      do {
        return try await work()
      } catch let failure as PassingFailure {
        failures += 1
        try await pause(after: failure, failures: failures, name, report)
      }
    }
  }
}
