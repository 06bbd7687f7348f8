import Chatterbox
import Foundation
import Synchronization
import Testing

@Suite("A hub that refuses or attacks")
struct HostileHubTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func error(
    token: String? = nil, _ prepare: (TestHub) -> Void
  ) async throws -> ModelStoreError? {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      prepare(hub)
      let error = await storeError {
        _ = try await temporary.store.pull(
          .named("standard"), from: hub.configuration(token: token, attempts: 2))
      }
      #expect(temporary.store.installedModels.isEmpty)
      #expect(error?.message.contains("hf_secret") == false)
      #expect(error?.message.contains(temporary.url.path) == false)
      return error
    }
  }

  @Test(
    "A path that leads out of the folder is refused before anything is fetched",
    arguments: [
      "../evil.json", "/etc/passwd", "a/../../b", "a\\..\\b", "", "a//b", "./a", "a\u{0}b", "a\nb",
      "t3_/../../x.safetensors", String(repeating: "x", count: 2000),
    ])
  func paths(path: String) async throws {
    let error = try await error { hub in
      hub.change { state in
        state.list = { commit in
          let answer: [String: Any] = [
            "sha": commit,
            "siblings": [["rfilename": "t3_cfg.safetensors", "size": 1], ["rfilename": path]],
          ]
          return (try? JSONSerialization.data(withJSONObject: answer)).map(Array.init) ?? []
        }
      }
    }
    #expect(error?.code == .unexpectedAnswer)
    #expect(temporary.contents.filter { $0 != ".locks" }.isEmpty)
  }

  @Test(
    "A list that makes no sense is an error",
    arguments: [
      "", "<html>Sign in</html>", "[]", "{}", #"{"sha": "main", "siblings": []}"#,
      #"{"sha": "../../../../../../../../../../../../../x", "siblings": []}"#,
      #"{"sha": 7, "siblings": []}"#, String(repeating: "[", count: 50_000),
    ])
  func list(body: String) async throws {
    let error = try await error { hub in hub.change { $0.list = { _ in Array(body.utf8) } } }
    #expect(error?.code == .unexpectedAnswer)
  }

  @Test("A list without end is not read to its end")
  func longList() async throws {
    let error = try await error { hub in
      hub.change { $0.list = { _ in [UInt8](repeating: 0x20, count: 17 << 20) } }
    }
    #expect(error?.code == .unexpectedAnswer)
  }

  @Test(
    "Sizes that cannot be are refused",
    arguments: ["0", "9223372036854775807", "\"12\"", "1e300"])
  func sizes(size: String) async throws {
    let error = try await error { hub in
      hub.change { state in
        state.list = { commit in
          let files = SampleModels.standard.keys.map { name in
            #"{"rfilename": "\#(name)", "lfs": {"sha256": "\#(String(repeating: "a", count: 64))", "size": \#(size)}}"#
          }
          return Array(#"{"sha": "\#(commit)", "siblings": [\#(files.joined(separator: ","))]}"#.utf8)
        }
      }
    }
    #expect(error != nil)
  }

  @Test(
    "Refusals say what to do",
    arguments: [
      (401, "GatedRepo", nil, ModelStoreError.Code.accessDenied, "Accept its terms"),
      (403, "GatedRepo", "hf_secret", .accessDenied, "account of HF_TOKEN"),
      (401, "", nil, .accessDenied, "Set HF_TOKEN"),
      (403, "", "hf_secret", .accessDenied, "HF_TOKEN is not accepted"),
      (401, "RepoNotFound", nil, .notFound, "set HF_TOKEN"),
      (404, "RepoNotFound", "hf_secret", .notFound, "HF_TOKEN may read it"),
      (404, "RevisionNotFound", nil, .notFound, "revision 'main'"),
      (418, "", nil, .unexpectedAnswer, "HF_ENDPOINT"),
    ] as [(UInt, String, String?, ModelStoreError.Code, String)])
  func refusals(
    status: UInt, code: String, token: String?, expected: ModelStoreError.Code, advice: String
  ) async throws {
    let error = try await error(token: token) { hub in
      hub.change { $0.listFaults = [.status(status, [("X-Error-Code", code)])] }
    }
    #expect(error?.code == expected)
    #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
  }

  @Test(
    "Redirects in a circle, to files and to nowhere end",
    arguments: [
      "/api/models/ResembleAI/chatterbox/revision/main?x", "file:///etc/passwd", "gopher://x/", "http://",
    ])
  func redirects(location: String) async throws {
    let error = try await error { hub in
      hub.change { $0.listFaults = Array(repeating: .redirect(location), count: 50) }
    }
    #expect(error?.code == .unexpectedAnswer || error?.code == .unreachable, "\(String(describing: error))")
  }

  @Test("A hub that is not there is an error that names it")
  func unreachable() async throws {
    var hub = try HubConfiguration(environment: ["HF_ENDPOINT": "http://127.0.0.1:1"])
    hub.retries.pause = { _ in .zero }
    let error = await storeError { _ = try await temporary.store.pull(.named("standard"), from: hub) }
    #expect(error?.code == .unreachable)
    #expect(error?.message.contains("127.0.0.1") == true)
  }

  @Test("A repository without a model, or with half of one, is refused before it is fetched")
  func noModel() async throws {
    try await TestHub.run([
      "a/empty": ["README.md": [1]], "a/two": ["t3_a.safetensors": [1], "t3_b.safetensors": [1]],
      "a/strange": ["t3_a.safetensors": [1]],
    ]) { hub in
      for (name, advice) in [
        ("a/empty", "no Chatterbox model"), ("a/two", "several"), ("a/strange", "--kind"),
      ] {
        let error = await storeError {
          _ = try await temporary.store.pull(.named(name), from: hub.configuration())
        }
        #expect(error?.code == .incomplete)
        #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
      }
      #expect(hub.state.withLock { $0.requests.allSatisfy { $0.uri.hasPrefix("/api/") } })
    }
  }
}
