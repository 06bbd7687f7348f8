/// Why an object store did not do what it was asked.
///
/// It carries no key, path or body, so that it can go into any log.
package enum S3Error: Error, Hashable, Sendable {
  /// 403: a key or a signature is wrong, a right is missing, or the clocks differ.
  case refused
  case noSuchBucket
  case notFound
  /// It did not answer, or not well, however often it was asked; or the caller was cancelled.
  case unavailable
  /// An answer that the protocol does not foresee, or that is larger than what was asked for.
  case unexpected(status: Int)
  /// The local file could not be read.
  case unreadableFile
}
