import Audio
import Chatterbox
import Crypto
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import Service

@Suite("Webhooks")
struct WebhookTests {
  /// A server that takes down what it is sent, and fails the first times.
  private final class Receiver: Sendable {
    struct Message: Sendable {
      let body: Data
      let signature: String
    }

    private let state = Mutex<(messages: [Message], failures: Int)>(([], 0))

    init(failures: Int) { state.withLock { $0.failures = failures } }

    var messages: [Message] { state.withLock(\.messages) }

    var application: some ApplicationProtocol {
      let router = Router()
      router.post("/hook") { request, _ in
        let body = try await request.body.collect(upTo: 1 << 20)
        let signature = request.headers[.init("X-Chatterbox-Signature") ?? .authorization] ?? ""
        let fails = self.state.withLock { state in
          state.messages.append(Message(body: Data(body.readableBytesView), signature: signature))
          state.failures -= 1
          return state.failures >= 0
        }
        return Response(status: fails ? .internalServerError : .ok)
      }
      return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    }
  }

  private func node() throws -> TestNode {
    try TestNode {
      $0.jobs.webhookSecret = "secret"
      $0.jobs.webhookHosts = ["127.0.0.1"]
    }
  }

  @Test("reach the receiver, signed, and again until it answers well")
  func delivered() async throws {
    let receiver = Receiver(failures: 1)
    try await receiver.application.test(.live) { client in
      let test = try node()
      let port = try #require(client.port)
      let job = try await test.node.jobs.submit(
        SpeechRequest(text: "Hi.", model: "espeak"), format: .wav, caller: "a", idempotencyKey: nil,
        webhook: "http://127.0.0.1:\(port)/hook")
      let runner = Task { await test.node.jobs.runner?.run() }
      var courier = test.node.jobs.courier
      courier.interval = .milliseconds(5)
      let delivery = Task { [courier] in await courier.run() }
      try await eventually { receiver.messages.count == 1 }
      try await eventually { try await test.node.jobs.job(job.id).webhook?.attempts == 1 }
      let failed = try await test.node.jobs.job(job.id).webhook
      #expect(failed?.isDelivered == false && failed?.lastOutcome == "500")
      // The pause is over.
      try await test.node.jobs.store.change(job.id) { $0.webhook?.nextAttempt = 0 }
      try await eventually { try await test.node.jobs.job(job.id).webhook?.isDelivered == true }
      #expect(receiver.messages.count == 2)
      runner.cancel()
      delivery.cancel()
      await runner.value
      await delivery.value
      let message = try #require(receiver.messages.last)
      let json = try JSONSerialization.jsonObject(with: message.body) as? [String: Any]
      #expect(json?["id"] as? String == job.id)
      #expect(json?["status"] as? String == "done")
      let time = try #require(message.signature.split(separator: ",").first?.dropFirst(2))
      let code = HMAC<SHA256>.authenticationCode(
        for: Data("\(time).".utf8) + message.body, using: SymmetricKey(data: Data("secret".utf8)))
      #expect(message.signature == "t=\(time),v1=" + code.map { String(format: "%02x", $0) }.joined())
    }
  }

  @Test(
    "go nowhere but to hosts that are listed",
    arguments: [
      "http://localhost/", "http://127.0.0.1.example.com/", "http://169.254.169.254/latest",
      "file:///etc/passwd",
      "ftp://127.0.0.1/", "http://user@127.0.0.1/", "127.0.0.1", "", "http://127.0.0.1@example.com/",
      "http://" + String(repeating: "a", count: 3_000),
    ])
  func refused(url: String) async throws {
    let test = try node()
    await #expect(throws: JobDesk.Refusal.self) {
      try await test.node.jobs.submit(
        SpeechRequest(text: "Hi.", model: "espeak"), format: .wav, caller: "a", idempotencyKey: nil,
        webhook: url)
    }
  }

  @Test("are off without a secret, and the error names the setting")
  func off() {
    #expect {
      try WebhookRules(.init()).check("http://127.0.0.1/")
    } throws: { "\($0)".contains("jobs.webhook_secret") }
  }
}
