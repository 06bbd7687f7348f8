import Audio
import Foundation
import Synchronization
import Testing

@testable import Service

struct S3MultipartTests {
  private func withFile(_ count: Int, _ test: (URL, [UInt8]) async throws -> Void) async throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8)) }
    let file = FileManager.default.temporaryDirectory.appending(path: "s3-\(StoredAudio.newID())")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await test(file, bytes)
  }

  private func small(_ settings: inout S3Client.Settings) {
    (settings.singlePut, settings.part) = (1000, 300)
  }

  @Test func putsASmallFileAtOnce() async throws {
    try await TestBucket.run { bucket in
      try await withFile(1000) { file, bytes in
        try await bucket.client({ small(&$0) }) { client in
          try await client.put(fileAt: file, to: "k", contentType: "audio/wav")
          #expect(bucket.operations == ["put"])
          #expect(try await client.get("k", atMost: 1000) == bytes)
        }
      }
    }
  }

  @Test func putsALargeFileInParts() async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, bytes in
        try await bucket.client({ small(&$0) }) { client in
          bucket.fail("part", .status(500), .lostAnswer, .status(503))
          try await client.put(
            fileAt: file, to: "k", contentType: "audio/wav", metadata: ["sha256": "abc"])
          #expect(try await client.get("k", atMost: 4000) == bytes)
          #expect(try await client.head("k").sha256 == "abc")
          let text = try #require(bucket.requests("complete").first?.body)
          let parts = try #require(S3XML(text)?.all("Part"))
          #expect(parts.map { $0["PartNumber"] } == (1...14).map { "\($0)" })
          #expect(parts.map { $0["ETag"] } == (1...14).map { "\"part-\($0)\"" })
          #expect(bucket.count("part") == 17)
          #expect(bucket.count("abort") == 0)
        }
      }
    }
  }

  @Test func sendsNoMorePartsAtATimeThanItMay() async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, _ in
        try await bucket.client({
          small(&$0)
          ($0.whole, $0.attempts) = (.seconds(1), 1)
        }) { client in
          bucket.fail("part", .hang, .hang, .hang)
          let error = await s3Error { try await client.put(fileAt: file, to: "k", contentType: "a/b") }
          #expect(error == .unavailable)
          #expect(bucket.count("part") == 3)
        }
      }
    }
  }

  @Test(arguments: ["part", "complete"])
  func abortsWhatFails(operation: String) async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, _ in
        try await bucket.client({ small(&$0) }) { client in
          bucket.fail(operation, .status(403))
          let error = await s3Error { try await client.put(fileAt: file, to: "k", contentType: "a/b") }
          #expect(error == .refused)
          #expect(bucket.count("abort") == 1)
          #expect(bucket.state.withLock { $0.uploads.isEmpty })
          #expect(bucket.keys.isEmpty)
        }
      }
    }
  }

  @Test func abortsWhenItIsCancelled() async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, _ in
        try await bucket.client({ small(&$0) }) { client in
          bucket.fail("part", .hang, .hang, .hang)
          let task = Task {
            await s3Error { try await client.put(fileAt: file, to: "k", contentType: "a/b") }
          }
          while bucket.count("part") < 3 { try await Task.sleep(for: .milliseconds(2)) }
          task.cancel()
          #expect(await task.value == .unavailable)
          #expect(bucket.count("abort") == 1)
        }
      }
    }
  }

  @Test func takesAnErrorInAGoodAnswerForOne() async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, bytes in
        try await bucket.client({ small(&$0) }) { client in
          let error = TestBucket.Fault.body("<?xml version='1.0'?> <Error><Code>Internal</Code></Error>")
          bucket.fail("complete", error)
          try await client.put(fileAt: file, to: "k", contentType: "a/b")
          #expect(try await client.get("k", atMost: 4000) == bytes)
          bucket.fail("complete", error, error, error, error)
          let thrown = await s3Error { try await client.put(fileAt: file, to: "l", contentType: "a/b") }
          #expect(thrown == .unavailable)
          #expect(bucket.count("abort") == 1)
        }
      }
    }
  }

  @Test func seesThatALostAnswerWasGood() async throws {
    try await TestBucket.run { bucket in
      try await withFile(4000) { file, bytes in
        try await bucket.client({ small(&$0) }) { client in
          bucket.fail("complete", .lostAnswer)
          try await client.put(fileAt: file, to: "k", contentType: "a/b")
          #expect(try await client.get("k", atMost: 4000) == bytes)
        }
      }
    }
  }

  @Test func abortsOldUploadsOnly() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        bucket.change { state in
          state.uploads["old"] = .init(key: "p/a", headers: [], begun: .now - 7_200)
          state.uploads["new"] = .init(key: "p/b", headers: [])
          state.uploads["other"] = .init(key: "q/a", headers: [], begun: .now - 7_200)
        }
        let count = try await client.abortOldUploads(prefix: "p/", olderThan: .now - 3_600)
        #expect(count == 1)
        #expect(bucket.state.withLock { $0.uploads.keys.sorted() } == ["new", "other"])
      }
    }
  }

  @Test func saysWhenTheFileIsNotThere() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client { client in
        let file = URL(fileURLWithPath: "/nonexistent/file")
        let error = await s3Error { try await client.put(fileAt: file, to: "k", contentType: "a/b") }
        #expect(error == .unreadableFile)
      }
    }
  }
}

struct S3XMLTests {
  @Test func readsElementsTextAndEntities() throws {
    let text =
      "\u{FEFF}<?xml version='1.0'?><!-- a --><s:R xmlns:s=\"a>b\">"
      + "<A>1 &lt;&#65;&#x42;&amp;</A><A/><B x='/'>2</B></s:R>"
    let xml = try #require(S3XML(Array(text.utf8)))
    #expect(xml.name == "R")
    #expect(xml.all("A").map(\.text) == ["1 <AB&", ""])
    #expect(xml["B"] == "2")
    #expect(xml["C"] == nil)
  }

  @Test(arguments: [
    "", "text", "<", "<>", "<a", "<a>", "<a></b>", "<a>&unknown;</a>", "<a>&lt</a>", "<a>&#xD800;</a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><![CDATA[x]]></a>", "<!-- a", "<a><!-- b</a>", "</a>",
    String(repeating: "<a>", count: 10_000),
  ])
  func refusesTheRest(text: String) {
    #expect(S3XML(Array(text.utf8)) == nil)
  }
}
