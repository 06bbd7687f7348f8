import AsyncHTTPClient
import Audio
import Foundation
import NIOHTTP1
import Testing

@testable import Service

/// The object store's error that something throws.
func s3Error(_ work: () async throws -> Void) async -> S3Error? {
  do {
    try await work()
    return nil
  } catch {
    return error as? S3Error
  }
}

struct S3ClientTests {
  @Test func givesBackWhatItPut() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        let key = "a b/c+d/ü*?&=.txt"
        try await client.put(
          [1, 2, 3, 4, 5], to: key, contentType: "audio/wav", metadata: ["sha256": "abc"])
        #expect(bucket.keys == [key])
        #expect(try await client.get(key, atMost: 5) == [1, 2, 3, 4, 5])
        #expect(try await client.get(key, range: 1..<3) == [2, 3])
        #expect(try await client.get(key, range: 3..<9) == [4, 5])
        #expect(try await client.get(key, range: 2..<2) == [])
        let head = try await client.head(key)
        #expect(head == .init(byteCount: 5, contentType: "audio/wav", sha256: "abc"))
        try await client.delete(key)
        #expect(bucket.keys.isEmpty)
        #expect(await s3Error { _ = try await client.head(key) } == .notFound)
      }
    }
  }

  @Test func signsHostAndDigestButNotWhatProxiesChange() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        try await client.put([1], to: "a", contentType: "text/plain", metadata: ["sha256": "x"])
        let request = try #require(bucket.requests("put").first)
        let authorization = try #require(request.headers.first(name: "authorization"))
        #expect(
          authorization.contains(
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-sha256,"))
        #expect(request.headers["host"] == ["127.0.0.1:\(bucket.port)"])
        #expect(request.headers["x-amz-content-sha256"] == [SHA256Digest.hexadecimal(of: [1])])
      }
    }
  }

  @Test func refusesMoreThanWasAskedFor() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        try await client.put([1, 2, 3], to: "a", contentType: "text/plain")
        #expect(await s3Error { _ = try await client.get("a", atMost: 2) } == .unexpected(status: 200))
        bucket.fail("get", .body("too long for it"))
        #expect(await s3Error { _ = try await client.get("a", range: 0..<2) } == .unexpected(status: 200))
        bucket.fail("get", .body("x"))
        #expect(await s3Error { _ = try await client.get("a", range: 1..<2) } == .unexpected(status: 200))
      }
    }
  }

  @Test(arguments: [
    TestBucket.Fault.status(500), .status(503, code: "SlowDown"), .status(429),
    .status(400, code: "RequestTimeout"), .cut(after: 1), .lostAnswer,
  ])
  func triesAgain(fault: TestBucket.Fault) async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        try await client.put([1, 2, 3], to: "a", contentType: "text/plain")
        bucket.fail("get", fault, fault, fault)
        #expect(try await client.get("a", range: 0..<3) == [1, 2, 3])
        #expect(bucket.count("get") == 4)
        bucket.fail("get", fault, fault, fault, fault)
        #expect(await s3Error { _ = try await client.get("a", range: 0..<3) } == .unavailable)
        #expect(bucket.count("get") == 8)
      }
    }
  }

  @Test(arguments: [TestBucket.Fault.hang, .stall(after: 1)])
  func doesNotWaitForEver(fault: TestBucket.Fault) async throws {
    try await TestBucket.run { bucket in
      try await bucket.client({ $0.whole = .seconds(1) }) { client in
        try await client.put([1, 2, 3], to: "a", contentType: "text/plain")
        bucket.fail("get", fault)
        #expect(try await client.get("a", range: 0..<3) == [1, 2, 3])
        #expect(bucket.count("get") == 2)
      }
    }
  }

  @Test func takesTheStatusOfALongError() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        let code = String(repeating: "x", count: 200_000)
        bucket.fail("get", .status(403, code: code), .status(503, code: code))
        #expect(await s3Error { _ = try await client.get("a", range: 0..<1) } == .refused)
        #expect(await s3Error { _ = try await client.get("a", range: 0..<1) } == .notFound)
        #expect(bucket.count("get") == 3)
      }
    }
  }

  @Test(arguments: [
    (TestBucket.Fault.status(403, code: "SignatureDoesNotMatch"), S3Error.refused),
    (.status(403, code: "RequestTimeTooSkewed"), .refused),
    (.status(404, code: "NoSuchBucket"), .noSuchBucket),
    (.status(404, code: "NoSuchKey"), .notFound), (.status(301), .unexpected(status: 301)),
    (.status(400), .unexpected(status: 400)), (.status(501), .unexpected(status: 501)),
    (.status(507), .unexpected(status: 507)),
  ])
  func doesNotTryAgainWhatCannotHelp(fault: TestBucket.Fault, error: S3Error) async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        bucket.fail("get", fault)
        #expect(await s3Error { _ = try await client.get("a", range: 0..<3) } == error)
        #expect(bucket.count("get") == 1)
      }
    }
  }

  @Test func saysWhenNobodyListens() async throws {
    let location = S3Location(
      endpoint: try #require(URL(string: "http://127.0.0.1:1")), region: "r", bucket: "b", accessKeyID: "id",
      secretAccessKey: "secret")
    var settings = S3Client.Settings()
    settings.pause = .milliseconds(1)
    let http = S3Client.makeHTTP(settings)
    let client = S3Client(location, over: http, settings: settings)
    #expect(await s3Error { _ = try await client.head("a") } == .unavailable)
    #expect(!"\(location)\(String(reflecting: location))\(location.customMirror.children)".contains("secret"))
    try await http.shutdown()
  }

  @Test func endsWhenItIsCancelled() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        bucket.fail("get", .hang)
        let task = Task { await s3Error { _ = try await client.get("a", range: 0..<3) } }
        while bucket.count("get") == 0 { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        #expect(await task.value == .unavailable)
        #expect(bucket.count("get") == 1)
      }
    }
  }

  @Test func listsAllPages() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        bucket.change { $0.pageSize = 2 }
        for key in ["p/1", "p/2&<", "p/3", "q/1"] {
          try await client.put([1, 2], to: key, contentType: "text/plain")
        }
        let first = try await client.list(prefix: "p/")
        #expect(first.objects.map(\.byteCount) == [2, 2])
        #expect(abs(first.objects[0].modified.timeIntervalSinceNow) < 60)
        let next = try #require(first.continuation)
        let second = try await client.list(prefix: "p/", continuation: next)
        #expect((first.objects + second.objects).map(\.key) == ["p/1", "p/2&<", "p/3"])
        #expect(second.continuation == nil)
        bucket.fail("list", .body("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"))
        #expect(await s3Error { _ = try await client.list(prefix: "p/") } == .unexpected(status: 200))
      }
    }
  }

  @Test func presignsForTheStoreThatItUses() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        try await client.put([1, 2, 3], to: "a b", contentType: "text/plain")
        let url = client.presignedURL("a b", expires: .seconds(60), contentType: "audio/wav")
        #expect(url.absoluteString.hasPrefix("http://127.0.0.1:\(bucket.port)/speech/a%20b?X-Amz-Alg"))
        #expect(url.query()?.contains("response-content-type=audio%2Fwav") == true)
      }
    }
  }
}
