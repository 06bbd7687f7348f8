import Audio
import Chatterbox
import Crypto
import Foundation
import NIOHTTP1
import Synchronization

extension TestHub {
  struct Answer {
    enum Ending { case whole, stall, cut }

    var status: UInt = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// The length that the header says; `nil` sends chunks.
    var length: Int?
    var ending = Ending.whole

    static func whole(_ status: UInt, _ headers: [(String, String)] = [], _ body: [UInt8] = []) -> Answer {
      Answer(status: status, headers: headers, body: body, length: body.count)
    }
  }

  func answer(_ head: HTTPRequestHead, isContent: Bool) -> Answer {
    let request = Request(
      isContent: isContent, method: head.method.rawValue, uri: head.uri,
      headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 })
    state.withLock { $0.requests.append(request) }
    let path = head.uri.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    if path.starts(with: ["api", "models"]), path.count >= 6 {
      return list(of: "\(path[2])/\(path[3])", path[5])
    }
    guard path.count >= 5, path[2] == "resolve" else { return .whole(404) }
    return file(path[4...].joined(separator: "/"), of: "\(path[0])/\(path[1])", commit: path[3], request)
  }

  private func list(of name: String, _ revision: String) -> Answer {
    let (repository, list, fault, listsBlobs, largeSize) = state.withLock { state in
      let fault = state.listFaults.isEmpty ? nil : state.listFaults.removeFirst()
      return (state.repositories[name], state.list, fault, state.listsBlobs, state.largeSize)
    }
    if case .status(let status, let headers) = fault { return .whole(status, headers) }
    if case .redirect(let location) = fault { return .whole(302, [("Location", location)]) }
    guard let repository, ["main", repository.commit].contains(revision) else {
      return .whole(404, [("X-Error-Code", "RepoNotFound")])
    }
    if let list { return .whole(200, [], list(repository.commit)) }
    let siblings = repository.files.map { name, bytes -> [String: Any] in
      guard listsBlobs else { return ["rfilename": name] }
      var entry: [String: Any] = ["rfilename": name, "size": bytes.count, "blobId": Self.blob(bytes)]
      if bytes.count >= largeSize {
        entry["lfs"] = [
          "sha256": SHA256Digest.hexadecimal(of: bytes), "size": bytes.count, "pointerSize": 134,
        ]
      }
      return entry
    }
    let answer: [String: Any] = ["sha": repository.commit, "siblings": siblings]
    return .whole(200, [], (try? JSONSerialization.data(withJSONObject: answer)).map(Array.init) ?? [])
  }

  private func file(_ path: String, of name: String, commit: String, _ request: Request) -> Answer {
    let (repository, largeSize) = state.withLock { ($0.repositories[name], $0.largeSize) }
    guard let repository, repository.commit == commit, let bytes = repository.files[path] else {
      return .whole(404, [("X-Error-Code", "EntryNotFound")])
    }
    let isLarge = bytes.count >= largeSize
    var headers = [("X-Repo-Commit", commit), ("ETag", "\"\(Self.blob(bytes))\"")]
    if isLarge {
      headers += [
        ("X-Linked-Etag", "\"\(SHA256Digest.hexadecimal(of: bytes))\""), ("X-Linked-Size", "\(bytes.count)"),
        ("Location", "http://127.0.0.1:\(contentPort)\(request.uri)"),
      ]
    }
    if request.method == "HEAD" {
      return Answer(status: isLarge ? 302 : 200, headers: headers, length: isLarge ? 0 : bytes.count)
    }
    if isLarge, !request.isContent {
      if case .header(let name, let value)? = fault(path, where: \.isOfHub) {
        headers = headers.filter { $0.0 != name } + [(name, value)]
      }
      return .whole(302, headers)
    }
    let fault = fault(path) { !$0.isOfHub }
    let tag = "\"content-\(SHA256Digest.hexadecimal(of: bytes).prefix(8))\""
    return content(bytes, tag: isLarge ? tag : "\"\(Self.blob(bytes))\"", request, fault)
  }

  private func fault(_ path: String, where matches: (Fault) -> Bool) -> Fault? {
    state.withLock { state in
      guard let next = state.faults[path]?.first, matches(next) else { return nil }
      return state.faults[path]?.removeFirst()
    }
  }

  private func content(_ bytes: [UInt8], tag: String, _ request: Request, _ fault: Fault?) -> Answer {
    var answer = ranged(bytes, tag: tag, request)
    switch fault {
    case nil, .header: break
    case .cut(let count): (answer.body, answer.ending) = (Array(answer.body.prefix(count)), .cut)
    case .stall(let count): (answer.body, answer.ending) = (Array(answer.body.prefix(count)), .stall)
    case .corrupt(let place): answer.body[place] ^= 1
    case .status(let status, let headers): answer = .whole(status, headers)
    case .redirect(let location): answer = .whole(302, [("Location", location)])
    case .ignoreRange: answer = .whole(200, [("ETag", tag)], bytes)
    case .tooLong: (answer.body, answer.length) = (answer.body + [1, 2, 3], nil)
    case .wrongRange:
      answer = .whole(206, [("Content-Range", "bytes 1-9/\(bytes.count)")], Array(bytes[1...9]))
    case .older(let count):
      answer.headers = [("ETag", "\"older\"")]
      (answer.body, answer.ending) = (answer.body.prefix(count).map { $0 ^ 0xFF }, .cut)
    }
    return answer
  }

  private func ranged(_ bytes: [UInt8], tag: String, _ request: Request) -> Answer {
    let isSame = request.headers["if-range"].map { $0 == tag } ?? true
    let range = request.headers["range"]?.dropFirst("bytes=".count).dropLast()
    guard let start = range.flatMap({ Int($0) }), isSame else { return .whole(200, [("ETag", tag)], bytes) }
    guard start < bytes.count else { return .whole(416, [("Content-Range", "bytes */\(bytes.count)")]) }
    let place = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
    return .whole(206, [("ETag", tag), ("Content-Range", place)], Array(bytes[start...]))
  }

  private static func blob(_ bytes: [UInt8]) -> String {
    Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes).hexadecimal
  }
}

extension TestHub.Fault {
  /// Whether it is the hub's and not the content server's.
  var isOfHub: Bool { if case .header = self { true } else { false } }
}
