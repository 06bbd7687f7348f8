import Foundation

/// A repository at a commit, as the hub lists it.
struct HubRevision: Sendable {
  /// A file in the repository.
  struct File: Hashable, Sendable {
    let path: String
    /// Bytes, when the hub says so.
    var size: Int?
    var checksum: FileChecksum?
  }

  /// 40 hexadecimal digits.
  let commit: String
  let files: [File]

  /// The names of the files that lie in no folder.
  var names: Set<String> { Set(files.map(\.path).filter { !$0.contains("/") }) }

  /// Reads the answer to `GET /api/models/{repository}/revision/{revision}?blobs=true`.
  ///
  /// - Throws: ``ModelStoreError`` when it makes no sense, or a path in it leads out of its folder.
  init(json: Data, repository: String) throws(ModelStoreError) {
    guard let answer = try? JSONDecoder().decode(Answer.self, from: json),
      Self.isCommit(answer.sha)
    else {
      throw ModelStoreError(
        .unexpectedAnswer,
        "The hub's list of \(repository)'s files makes no sense. Check HF_ENDPOINT: it may not be a hub.")
    }
    commit = answer.sha
    for sibling in answer.siblings where !NameRules.isRelativePath(sibling.rfilename) {
      throw ModelStoreError(
        .unexpectedAnswer,
        "\(repository) lists a file whose name leads out of its folder. Nothing was fetched: do not trust it."
      )
    }
    files = answer.siblings.map { sibling in
      let size = sibling.lfs?.size ?? sibling.size
      return File(
        path: sibling.rfilename, size: size.flatMap { $0 >= 0 ? $0 : nil },
        checksum: FileChecksum(sibling.lfs?.sha256)
          ?? (sibling.lfs == nil ? FileChecksum(sibling.blobId) : nil))
    }
  }

  private static func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  private struct Answer: Decodable {
    struct Sibling: Decodable {
      struct LargeFile: Decodable {
        let sha256: String?
        let size: Int?
      }

      let rfilename: String
      let size: Int?
      let blobId: String?
      let lfs: LargeFile?
    }

    let sha: String
    let siblings: [Sibling]
  }
}
