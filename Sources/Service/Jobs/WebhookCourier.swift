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
    var settings = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(10), read: .seconds(10)))
    settings.httpVersion = .http1Only
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    while !Task.isCancelled {
      for job in (try? await store.claimDue(at: Date.now.timeIntervalSince1970)) ?? [] {
        await deliver(job, by: client)
      }
      try? await Task.sleep(for: interval)
    }
    try? await client.shutdown()
  }

  private func deliver(_ job: Job, by client: HTTPClient) async {
    guard let webhook = job.webhook else { return }
    let outcome = await outcome(of: job, webhook, client)
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
  private func outcome(of job: Job, _ webhook: Job.Webhook, _ client: HTTPClient) async -> String {
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
    do {
      return "\(try await client.execute(request, timeout: .seconds(10)).status.code)"
    } catch {
      return "unreachable"
    }
  }
}
