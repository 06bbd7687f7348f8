import Foundation
import NIOSSL
import Service

/// The certificate that the server shows, and its key.
struct TLSFiles {
  private let certificate: String
  private let key: String

  /// - Returns: `nil` when the server does not encrypt.
  init?(_ configuration: ServiceConfiguration.Security) {
    guard let certificate = configuration.tlsCertificate, let key = configuration.tlsKey else { return nil }
    (self.certificate, self.key) = (certificate, key)
  }

  /// - Throws: ``ServerError/certificate(_:)`` that says which file is wrong.
  var configuration: TLSConfiguration {
    get throws(ServerError) {
      let chain: [NIOSSLCertificate]
      do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
        throw .certificate("tls_certificate")
      }
      guard !chain.isEmpty else { throw .certificate("tls_certificate") }
      let privateKey: NIOSSLPrivateKey
      do {
        privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
      } catch {
        throw .certificate("tls_key")
      }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
      configuration.minimumTLSVersion = .tlsv12
      // Whoever gets the key later cannot read what was sent before.
      configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
      configuration.applicationProtocols = ["http/1.1"]
      do { _ = try NIOSSLContext(configuration: configuration) } catch { throw .certificate("tls_key") }
      return configuration
    }
  }
}
