import Foundation
import Testing

@testable import Chatterbox

@Suite("The hub's settings")
struct HubConfigurationTests {
  private func configuration(_ environment: [String: String]) throws -> HubConfiguration {
    try HubConfiguration(environment: environment)
  }

  @Test("Without settings it is the public hub, without a token")
  func defaults() throws {
    let hub = try configuration(["HF_ENDPOINT": "", "HF_TOKEN": " \n"])
    #expect(hub.endpoint.absoluteString == "https://huggingface.co")
    #expect(hub.token == nil)
    #expect(
      hub.url(["api", "models", "a", "b"], query: "blobs=true")?.absoluteString
        == "https://huggingface.co/api/models/a/b?blobs=true")
  }

  @Test("A mirror may have a port and a path, and every path component is escaped")
  func mirror() throws {
    let hub = try configuration(["HF_ENDPOINT": "http://mirror:8080/hub//", "HF_TOKEN": "hf_x\n"])
    #expect(hub.token == "hf_x")
    #expect(
      hub.url(["a b", "refs/pr/1", "ü?#%"])?.absoluteString
        == "http://mirror:8080/hub/a%20b/refs%2Fpr%2F1/%C3%BC%3F%23%25")
  }

  @Test(
    "Settings that make no sense are errors that name the variable",
    arguments: [
      ["HF_ENDPOINT": "huggingface.co"], ["HF_ENDPOINT": "file:///etc"], ["HF_ENDPOINT": "https://"],
      ["HF_ENDPOINT": "https://x/?a=b"], ["HF_ENDPOINT": "https://user:word@x"],
      ["HF_TOKEN": "a\r\nHost: evil"], ["HF_TOKEN": "ä"],
      ["https_proxy": "socks5://x:1"], ["HTTP_PROXY": "http://"],
    ])
  func malformed(environment: [String: String]) throws {
    let error = #expect(throws: ModelStoreError.self) { try configuration(environment) }
    #expect(error?.code == .invalidSetting)
    #expect(error?.message.lowercased().contains(environment.keys.first?.lowercased() ?? "?") == true)
  }

  @Test("The token's place is the endpoint: scheme, host and port")
  func sameEndpoint() throws {
    let hub = try configuration([:])
    for (address, isSame) in [
      ("https://huggingface.co/x", true), ("https://HuggingFace.co:443/x", true),
      ("http://huggingface.co/x", false),
      ("https://huggingface.co:444/x", false), ("https://cdn.huggingface.co/x", false),
      ("https://huggingface.co.evil.com/x", false), ("https://evil.com/@huggingface.co", false),
      ("https://huggingface.co@evil.com/", false),
    ] {
      #expect(hub.isEndpoint(try #require(URL(string: address))) == isSame, "\(address)")
    }
  }

  @Test("Proxies are taken from the environment, and no_proxy is respected")
  func proxies() throws {
    let settings = try ProxySettings(environment: [
      "HTTPS_PROXY": "http://me:secret@proxy:3128", "https_proxy": "",
      "no_proxy": "localhost, .corp, *.lan,exact.org",
    ])
    func host(_ address: String) throws -> String? {
      settings.server(for: try #require(URL(string: address)))?.host
    }
    #expect(try host("https://huggingface.co/") == "proxy")
    #expect(try host("http://huggingface.co/") == nil)
    for address in [
      "https://localhost", "https://a.corp/", "https://x.lan", "https://exact.org", "https://a.exact.org",
    ] {
      #expect(try host(address) == nil, "\(address)")
    }
    #expect(try host("https://inexact.org") == "proxy")
    let server = settings.server(for: try #require(URL(string: "https://huggingface.co")))
    #expect((server?.port, server?.user, server?.password) == (3128, "me", "secret"))
  }

  @Test("Pauses grow, and a server's wish counts up to a limit")
  func pauses() {
    let policy = RetryPolicy()
    #expect(
      (1...7).map { policy.pause(after: $0, asked: nil) } == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    #expect(policy.pause(after: 1, asked: .seconds(40)) == .seconds(40))
    #expect(policy.pause(after: 1, asked: .seconds(4000)) == .seconds(120))
  }

  @Test("A rate is measured over the last seconds")
  func rate() {
    let events = Events()
    var meter = ProgressMeter(.download, "file", total: 10_000, report: events.report)
    let start = ContinuousClock.now
    for second in 0...10 { meter.show(second * (second < 5 ? 100 : 1000), at: start + .seconds(second)) }
    meter.show(10_000, at: start + .milliseconds(10_010))
    let rates = events.all.map { event -> Double? in
      if case .progress(let progress) = event { progress.rate } else { nil }
    }
    #expect(rates.count == 11, "Not more often than five times a second")
    #expect(rates[0] == nil)
    #expect(rates[4] == 100)
    #expect(rates[10] == 1000)
  }
}
