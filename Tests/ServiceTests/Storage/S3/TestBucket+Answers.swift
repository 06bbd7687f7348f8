import Foundation
import NIOHTTP1
import Synchronization

@testable import Service

extension TestBucket {
  struct Answer: Sendable {
    var status: UInt = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var length: Int?

    static func xml(_ text: String, status: UInt = 200) -> Answer {
      Answer(status: status, headers: [("content-type", "application/xml")], body: Array(text.utf8))
    }

    static func error(_ status: UInt, _ code: String) -> Answer {
      .xml("<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code></Error>", status: status)
    }
  }

  func answer(_ head: HTTPRequestHead, _ body: [UInt8]) -> (Fault?, Answer) {
    let parts = URLComponents(string: head.uri)
    let path = (parts?.path ?? "").dropFirst().split(separator: "/", maxSplits: 1).map(String.init)
    let query = Dictionary((parts?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
    let key = path.count > 1 ? path[1] : nil
    let operation = Self.operation(head.method, key, query)
    return state.withLock { state in
      state.requests.append(
        Request(operation: operation, uri: head.uri, headers: head.headers, body: body))
      var fault: Fault?
      if state.faults[operation]?.isEmpty == false { fault = state.faults[operation]?.removeFirst() }
      switch fault {
      case .status(let status, let code): return (fault, .error(status, code))
      case .body(let text): return (fault, .xml(text))
      case .hang: return (fault, .init())
      default: break
      }
      guard path.first == state.bucket else { return (fault, .error(404, "NoSuchBucket")) }
      return (fault, Self.answer(operation, key ?? "", query, head.headers, body, &state))
    }
  }

  private static func operation(_ method: HTTPMethod, _ key: String?, _ query: [String: String]) -> String {
    switch (method, key) {
    case (.HEAD, nil): "bucket"
    case (.GET, nil): query["uploads"] != nil ? "uploads" : "list"
    case (.POST, _): query["uploads"] != nil ? "begin" : "complete"
    case (.PUT, _): query["partNumber"] != nil ? "part" : "put"
    case (.DELETE, _): query["uploadId"] != nil ? "abort" : "delete"
    default: method.rawValue.lowercased()
    }
  }

  private static func answer(
    _ operation: String, _ key: String, _ query: [String: String], _ headers: HTTPHeaders, _ body: [UInt8],
    _ state: inout State
  ) -> Answer {
    let kept = headers.map { ($0.name, $0.value) }.filter {
      $0.0.hasPrefix("x-amz-meta-") || $0.0 == "content-type"
    }
    let upload = query["uploadId"] ?? ""
    switch operation {
    case "bucket": return Answer()
    case "put":
      state.objects[key] = Object(bytes: body, headers: kept)
      return Answer(headers: [("etag", "\"tag\"")])
    case "get", "head":
      guard let object = state.objects[key] else { return .error(404, "NoSuchKey") }
      return ranged(object, headers.first(name: "range"))
    case "delete":
      state.objects[key] = nil
      return Answer(status: 204)
    case "begin":
      let id = "upload/\(state.uploads.count)+&"
      state.uploads[id] = Upload(key: key, headers: kept)
      return .xml(
        "<InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><UploadId>"
          + escaped(id) + "</UploadId></InitiateMultipartUploadResult>")
    case "part":
      guard let number = Int(query["partNumber"] ?? ""), state.uploads[upload] != nil else {
        return .error(404, "NoSuchUpload")
      }
      state.uploads[upload]?.parts[number] = body
      return Answer(headers: [("etag", "\"part-\(number)\"")])
    case "complete":
      guard let begun = state.uploads.removeValue(forKey: upload) else { return .error(404, "NoSuchUpload") }
      let list = S3XML(body)?.all("Part") ?? []
      let bytes = list.flatMap { begun.parts[Int($0["PartNumber"] ?? "") ?? 0] ?? [] }
      state.objects[key] = Object(bytes: bytes, headers: begun.headers)
      return .xml("<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>")
    case "abort":
      let isThere = state.uploads.removeValue(forKey: upload) != nil
      return isThere ? Answer(status: 204) : .error(404, "NoSuchUpload")
    case "list": return list(query, state)
    case "uploads":
      let items = state.uploads.map { id, upload in
        "<Upload><Key>\(upload.key)</Key><UploadId>\(escaped(id))</UploadId>"
          + "<Initiated>\(upload.begun.formatted(.iso8601))</Initiated></Upload>"
      }
      return .xml("<ListMultipartUploadsResult>\(items.joined())</ListMultipartUploadsResult>")
    default: return .error(405, "MethodNotAllowed")
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  private static func ranged(_ object: Object, _ range: String?) -> Answer {
    let count = object.bytes.count
    guard let range else { return Answer(headers: object.headers, body: object.bytes) }
    let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
    guard ends.count == 2, ends[0] < count else { return .error(416, "InvalidRange") }
    let last = min(ends[1], count - 1)
    return Answer(
      status: 206, headers: object.headers + [("content-range", "bytes \(ends[0])-\(last)/\(count)")],
      body: Array(object.bytes[ends[0]...last]))
  }

  private static func list(_ query: [String: String], _ state: State) -> Answer {
    let after = query["continuation-token"] ?? ""
    let all = state.objects.keys.sorted().filter { $0.hasPrefix(query["prefix"] ?? "") && $0 > after }
    let page = all.prefix(state.pageSize)
    let items = page.compactMap { key in
      state.objects[key].map {
        "<Contents><Key>\(escaped(key))</Key><Size>\($0.bytes.count)</Size>"
          + "<LastModified>\($0.modified.formatted(.iso8601).dropLast()).123Z</LastModified></Contents>"
      }
    }
    let more = page.count < all.count
    let next = more ? "<NextContinuationToken>\(escaped(page.last ?? ""))</NextContinuationToken>" : ""
    return .xml(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"x\">"
        + "<IsTruncated>\(more)</IsTruncated>\(next)\(items.joined())</ListBucketResult>")
  }
}
