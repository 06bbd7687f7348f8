package import Foundation
import NIOHTTP1

extension S3Client {
  private struct Part: Sendable {
    let number: Int
    let tag: String
  }

  /// Writes a file as an object, which exists whole or not at all.
  ///
  /// A large one goes up in parts, and what failed is aborted, for parts cost room until then:
  /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>.
  package func put(
    fileAt file: URL, to key: String, contentType: String, metadata: [String: String] = [:]
  ) async throws(S3Error) {
    let size = try Self.size(of: file)
    guard size > settings.singlePut else {
      let bytes = try Self.read(file, 0..<size)
      return try await put(bytes, to: key, contentType: contentType, metadata: metadata)
    }
    let upload = try await begin(key, Self.headers(contentType: contentType, metadata: metadata))
    do throws(S3Error) {
      let parts = try await put(file, size: size, to: key, upload)
      try await complete(key, upload, parts, size: size)
    } catch {
      // In a task of its own, since a cancelled one cannot send. Cleaning finds what this misses.
      await Task {
        _ = try? await send(
          .init(method: .DELETE, key: key, query: ["uploadId": upload], attempts: 1))
      }.value
      throw error
    }
  }

  private func begin(_ key: String, _ headers: [String: String]) async throws(S3Error) -> String {
    let answer = try await send(.init(method: .POST, key: key, query: ["uploads": ""], headers: headers))
    guard let upload = S3XML(answer.body)?["UploadId"], !upload.isEmpty else {
      throw .unexpected(status: answer.status)
    }
    return upload
  }

  private func put(
    _ file: URL, size: Int, to key: String, _ upload: String
  ) async throws(S3Error) -> [Part] {
    // S3 allows 10,000 parts.
    let length = max(settings.part, (size + 9_999) / 10_000)
    let count = (size + length - 1) / length
    return try await withTaskGroup(of: Result<Part, S3Error>.self) { group in
      var parts: [Part] = []
      var failure: S3Error?
      func add(_ number: Int) {
        let range = (number - 1) * length..<min(number * length, size)
        group.addTask { await self.put(file, range, number, to: key, upload) }
      }
      var next = 1
      while next <= min(settings.parallelParts, count) {
        add(next)
        next += 1
      }
      for await result in group {
        switch result {
        case .success(let part):
          parts.append(part)
          guard failure == nil, next <= count else { continue }
          add(next)
          next += 1
        case .failure(let error):
          // The first one is the reason; the others are cancelled for it.
          failure = failure ?? error
          group.cancelAll()
        }
      }
      return failure.map { .failure($0) } ?? Result<[Part], S3Error>.success(parts)
    }.get()
  }

  private func put(
    _ file: URL, _ range: Range<Int>, _ number: Int, to key: String, _ upload: String
  ) async -> Result<Part, S3Error> {
    do throws(S3Error) {
      let bytes = try Self.read(file, range)
      let query = ["partNumber": "\(number)", "uploadId": upload]
      let answer = try await send(.init(method: .PUT, key: key, query: query, body: bytes))
      guard let tag = answer.headers.first(name: "etag") else { throw .unexpected(status: answer.status) }
      return .success(Part(number: number, tag: tag))
    } catch {
      return .failure(error)
    }
  }

  private func complete(
    _ key: String, _ upload: String, _ parts: [Part], size: Int
  ) async throws(S3Error) {
    let list = parts.sorted { $0.number < $1.number }.map {
      "<Part><PartNumber>\($0.number)</PartNumber><ETag>\(Self.escaped($0.tag))</ETag></Part>"
    }
    let text =
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      + "\(list.joined())</CompleteMultipartUpload>"
    do throws(S3Error) {
      // It answers 200 before it knows, and an error may follow in the body:
      // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>.
      _ = try await send(
        .init(
          method: .POST, key: key, query: ["uploadId": upload], headers: ["content-type": "application/xml"],
          body: Array(text.utf8), failsLate: true))
    } catch .notFound {
      // An attempt whose answer was lost may have been the one that completed it.
      guard try await head(key).byteCount == size else { throw .notFound }
    }
  }

  private static func size(of file: URL) throws(S3Error) -> Int {
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw .unreadableFile }
    defer { try? handle.close() }
    guard let size = try? handle.seekToEnd() else { throw .unreadableFile }
    return Int(size)
  }

  private static func read(_ file: URL, _ range: Range<Int>) throws(S3Error) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw .unreadableFile }
    defer { try? handle.close() }
    guard (try? handle.seek(toOffset: UInt64(range.lowerBound))) != nil,
      let data = try? handle.read(upToCount: range.count), data.count == range.count
    else { throw .unreadableFile }
    return [UInt8](data)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
