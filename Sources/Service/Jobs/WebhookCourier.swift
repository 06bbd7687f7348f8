import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Tells those who asked for it that their jobs have ended, again and again until they have heard.
package struct WebhookCourier: Sendable {
  private struct Message: Encodable {
    let id: String
    let status: String
    let audio: String?
    let sha256: String?
    let error: Job.Failure?
  }

  /// Pauses between attempts, in seconds.
  static let pauses: [Double] = [5, 30, 120, 600, 3_600]

  let store: any JobStore
  let rules: WebhookRules
  let logger: Logger
  /// How long it waits before it looks for work again.
  var interval = Duration.seconds(1)

  /// Works until it is cancelled.
  package func run() async {
    guard rules.configuration.webhookSecret != nil else { return }
    while !Task.isCancelled {
      for job in (try? await store.claimDue(at: Date.now.timeIntervalSince1970)) ?? [] {
        await deliver(job)
      }
      try? await Task.sleep(for: interval)
    }
  }

  private func deliver(_ job: Job) async {
    guard let webhook = job.webhook else { return }
    let outcome = await outcome(of: job, webhook)
    let isDelivered = outcome.hasPrefix("2")
    do {
      try await store.change(job.id) { job in
        guard var webhook = job.webhook else { return }
        webhook.attempts += 1
        webhook.isDelivered = isDelivered
        webhook.lastOutcome = outcome
        let pause = webhook.attempts <= Self.pauses.count ? Self.pauses[webhook.attempts - 1] : nil
        webhook.nextAttempt = isDelivered ? nil : pause.map { Date.now.timeIntervalSince1970 + $0 }
        job.webhook = webhook
      }
    } catch {
      logger.error("a webhook's attempt could not be written down", metadata: ["job": "\(job.id)"])
    }
  }

  /// The answer's status, or a word for why there was none.
  private func outcome(of job: Job, _ webhook: Job.Webhook) async -> String {
    let message = Message(
      id: job.id, status: job.status.rawValue,
      audio: job.status == .done ? "/api/v1/jobs/\(job.id)/audio" : nil, sha256: job.result?.sha256,
      error: job.failure)
    // The configuration may have changed since the job was taken on.
    guard (try? rules.check(webhook.url)) != nil, let body = try? JSONEncoder().encode(message) else {
      return "not allowed"
    }
    var request = HTTPClientRequest(url: webhook.url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(
      name: "X-Chatterbox-Signature",
      value: rules.signature(of: body, at: Int(Date.now.timeIntervalSince1970)))
    request.body = .bytes(ByteBuffer(data: body))
    guard let address = await rules.address(of: webhook.url), let host = URL(string: webhook.url)?.host()
    else {
      return "not allowed"
    }
    let client = Self.client(sending: host, to: address)
    let outcome = try? await client.execute(request, timeout: .seconds(10)).status.code
    try? await client.shutdown()
    return outcome.map { "\($0)" } ?? "unreachable"
  }

  /// A client that goes to one address, whatever the name may come to mean.
  private static func client(sending host: String, to address: String) -> HTTPClient {
    var settings = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(10)))
    settings.httpVersion = .http1Only
    if host != address { settings.dnsOverride = [host: address] }
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
  }
}
