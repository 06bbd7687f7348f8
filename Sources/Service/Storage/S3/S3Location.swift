package import Foundation

/// Where a bucket is, and who we are there.
///
/// Addresses are path-style (`https://host/bucket/key`), which MinIO, Google Cloud Storage and Amazon S3 all
/// answer: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>. Google's keys are
/// the HMAC keys of its XML API, with the endpoint `https://storage.googleapis.com` and the region `auto`:
/// <https://cloud.google.com/storage/docs/aws-simple-migration>.
package struct S3Location: Hashable, Sendable {
  /// Scheme, host and port.
  package let endpoint: URL
  package let region: String
  package let bucket: String
  package let accessKeyID: String
  package let secretAccessKey: String
  /// Before every key of ours: empty, or it ends in a slash.
  package let prefix: String

  package init(
    endpoint: URL, region: String, bucket: String, accessKeyID: String, secretAccessKey: String,
    prefix: String = ""
  ) {
    (self.endpoint, self.region, self.bucket) = (endpoint, region, bucket)
    (self.accessKeyID, self.secretAccessKey, self.prefix) = (accessKeyID, secretAccessKey, prefix)
  }
}

extension S3Location {
  var scheme: String { endpoint.scheme?.lowercased() ?? "https" }

  /// The `Host` header, as HTTP clients write it: without the scheme's own port.
  var host: String {
    let name = endpoint.host(percentEncoded: false) ?? ""
    let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
    guard let port = endpoint.port, port != (scheme == "https" ? 443 : 80) else { return host }
    return "\(host):\(port)"
  }

  /// The path of a key, or of the bucket, not yet encoded.
  func path(_ key: String?) -> String { key.map { "/\(bucket)/\($0)" } ?? "/\(bucket)" }
}

/// A log of a configuration must not tell the keys.
extension S3Location: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(scheme)://\(host)/\(bucket)/\(prefix)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["location": description]) }
}

extension S3Location {
  /// Where a configuration says that the store is; `nil` for a local folder.
  package init?(_ configuration: ServiceConfiguration.Storage) {
    let usual: String
    switch configuration.type {
    case .local: return nil
    case .s3: usual = "https://s3.\(configuration.region).amazonaws.com"
    case .gcs: usual = "https://storage.googleapis.com"
    }
    guard let endpoint = URL(string: configuration.endpoint ?? usual),
      let accessKeyID = configuration.accessKeyID, let secretAccessKey = configuration.secretAccessKey
    else { return nil }
    self.init(
      endpoint: endpoint, region: configuration.region, bucket: configuration.bucket,
      accessKeyID: accessKeyID,
      secretAccessKey: secretAccessKey, prefix: configuration.prefix)
  }
}
