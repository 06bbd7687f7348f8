package import Foundation
import NIOHTTP1

extension S3Client {
  /// An object, as a list tells of it.
  package struct Object: Hashable, Sendable {
    package let key: String
    package let byteCount: Int
    package let modified: Date
  }

  /// A part of a list.
  package struct Page: Sendable {
    package let objects: [Object]
    /// Where the next one begins; `nil` when this is the last.
    package let continuation: String?
  }

  /// A thousand keys of at most 1024 bytes, escaped, and what is told of them.
  private static let listLimit = 16 << 20

  /// The objects whose keys begin with a text, in their order:
  /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>.
  package func list(prefix: String, continuation: String? = nil) async throws(S3Error) -> Page {
    var query = ["list-type": "2", "prefix": prefix]
    query["continuation-token"] = continuation
    let list = try await list(query, root: "ListBucketResult")
    let objects = try list.all("Contents").map { item throws(S3Error) in
      guard let key = item["Key"], let size = item["Size"].flatMap({ Int($0) }),
        let modified = item["LastModified"].flatMap(Self.date)
      else { throw .unexpected(status: 200) }
      return Object(key: key, byteCount: size, modified: modified)
    }
    guard list["IsTruncated"] == "true" else { return Page(objects: objects, continuation: nil) }
    // A list that says it goes on, and not from where, would be read for ever.
    guard let next = list["NextContinuationToken"], !next.isEmpty, next != continuation else {
      throw .unexpected(status: 200)
    }
    return Page(objects: objects, continuation: next)
  }

  /// Aborts the uploads in parts that a crash left behind:
  /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html>.
  ///
  /// - Parameter isOurs: whether a key is of ours; others may use the bucket.
  /// - Returns: how many there were.
  @discardableResult
  package func abortOldUploads(
    prefix: String, olderThan limit: Date, where isOurs: (String) -> Bool = { _ in true }
  ) async throws(S3Error) -> Int {
    var old: [(key: String, upload: String)] = []
    var query = ["uploads": "", "prefix": prefix]
    while true {
      let list: S3XML
      do throws(S3Error) {
        list = try await self.list(query, root: "ListMultipartUploadsResult")
      } catch .notFound {
        // rclone's way of saying that there is none.
        break
      }
      for item in list.all("Upload") {
        guard let key = item["Key"], let upload = item["UploadId"], key.hasPrefix(prefix), isOurs(key),
          let begun = item["Initiated"].flatMap(Self.date), begun < limit
        else { continue }
        old.append((key, upload))
      }
      guard list["IsTruncated"] == "true" else { break }
      let before = query
      query["key-marker"] = list["NextKeyMarker"]
      query["upload-id-marker"] = list["NextUploadIdMarker"]
      guard query != before else { throw .unexpected(status: 200) }
    }
    for (key, upload) in old {
      do throws(S3Error) {
        _ = try await send(.init(method: .DELETE, key: key, query: ["uploadId": upload]))
      } catch .notFound {}
    }
    return old.count
  }

  private func list(_ query: [String: String], root: String) async throws(S3Error) -> S3XML {
    let answer = try await send(.init(method: .GET, query: query, limit: Self.listLimit))
    guard let list = S3XML(answer.body), list.name == root else { throw .unexpected(status: answer.status) }
    return list
  }

  /// Stores differ in how many digits a second has, and all of them write UTC.
  private static func date(_ text: String) -> Date? {
    try? Date("\(text.prefix(19))Z", strategy: .iso8601)
  }
}
