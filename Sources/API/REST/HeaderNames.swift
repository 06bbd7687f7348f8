import Foundation
import HTTPTypes

extension HTTPField.Name {
  static let chatterboxModel = fixed("X-Chatterbox-Model")
  static let chatterboxLanguage = fixed("X-Chatterbox-Language")
  static let chatterboxSeed = fixed("X-Chatterbox-Seed")
  static let chatterboxSampleRate = fixed("X-Chatterbox-Sample-Rate")
  static let chatterboxModelSampleRate = fixed("X-Chatterbox-Model-Sample-Rate")
  static let chatterboxWarnings = fixed("X-Chatterbox-Warnings")
  static let audioSHA256 = fixed("X-Audio-SHA256")
  static let audioDuration = fixed("X-Audio-Duration")
  static let timeToFirstAudio = fixed("X-Time-To-First-Audio")
  static let realTimeFactor = fixed("X-Real-Time-Factor")
  static let xCache = fixed("X-Cache")
  static let traceParent = fixed("traceparent")
  static let referrerPolicy = fixed("Referrer-Policy")
  static let idempotencyKey = fixed("Idempotency-Key")
  static let xAccelBuffering = fixed("X-Accel-Buffering")
  /// Source: W3C, Fetch Metadata Request Headers.
  static let secFetchSite = fixed("Sec-Fetch-Site")
  static let xAPIKey = fixed("X-API-Key")
  static let xForwardedFor = fixed("X-Forwarded-For")
  static let xFrameOptions = fixed("X-Frame-Options")
  static let crossOriginResourcePolicy = fixed("Cross-Origin-Resource-Policy")
  static let xRequestID = fixed("X-Request-Id")

  /// A name that is known to be valid.
  private static func fixed(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
    return name
  }
}

extension Double {
  /// The number for a header or a log line: a point, and this many digits after it.
  func formatted(decimals: Int) -> String {
    String(format: "%.\(decimals)f", self)
  }
}
