import Foundation
import NIOCore

/// Why the server could not start.
package enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A port outside 0–65535.
  case invalidPort(Int)
  /// Another program listens there.
  case portInUse(host: String, port: Int)
  /// The system lets this user not listen there.
  case notPermitted(host: String, port: Int)
  /// The machine has no such address, or the system refused for another reason.
  case cannotListen(host: String, port: Int, reason: String)
  /// The file that this setting names is no certificate or key, or they do not belong together.
  case certificate(String)
  /// The port for metrics cannot be had.
  indirect case metrics(ServerError)

  /// The system's refusal to listen, in our words.
  init(_ error: IOError, host: String, port: Int) {
    self =
      switch error.errnoCode {
      case EADDRINUSE: .portInUse(host: host, port: port)
      case EACCES, EPERM: .notPermitted(host: host, port: port)
      default: .cannotListen(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
      }
  }

  /// What is wrong, and what to do.
  package var description: String {
    switch self {
    case .invalidPort(let port):
      "There is no port \(port). Choose one from 1 to 65535."
    case .portInUse(let host, let port):
      "Port \(port) on \(host) is in use: stop the program that listens there, or choose another port."
    case .notPermitted(let host, let port):
      "You may not listen on \(host):\(port). Ports below 1024 need special rights: choose another."
    case .certificate(let setting):
      "The file of security.\(setting) cannot be used: it must be in PEM form, and certificate and key a pair."
    case .metrics(let error):
      "\(error) It is monitoring.prometheus_port; monitoring.enabled: false goes without."
    case .cannotListen(let host, let port, let reason):
      "The server cannot listen on \(host):\(port): \(reason). Check server.host and server.port."
    }
  }
}
