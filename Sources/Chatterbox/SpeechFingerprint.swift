import Audio
import Foundation
import Text

extension SpeechStream {
  /// A hash of everything that shapes the audio: two streams of one fingerprint speak the same.
  ///
  /// - Parameter hasSeed: whether the seed was asked for. Else any seed will do, and it is left out.
  /// - Returns: SHA-256 in lower-case hexadecimal.
  package func fingerprint(hasSeed: Bool) -> String {
    var digest = SHA256Digest()
    // Every part is followed by its length, so that no two lists of parts are the same bytes.
    func add(_ part: String) {
      let bytes = Array(part.utf8)
      digest.update(bytes + "\n\(bytes.count)\n".utf8)
    }
    add("chatterbox speech 1")
    add(request.modelName)
    add(model.identity)
    add(request.language.code)
    for segment in request.segments { add("\(segment)") }
    for parameter in SpeechParameter.allCases { add(request.parameters[parameter].map { "\($0)" } ?? "-") }
    add("\(request.speed)")
    add(hasSeed ? "\(request.seed)" : "any")
    add(delivery.rawValue)
    add(request.voice.map(\.identity) ?? "own")
    add(request.lexicon.identity)
    return digest.hexadecimal
  }
}

/// What a file is without reading it.
enum FileIdentity {
  /// The names, sizes and times of files.
  static func text(of files: [URL]) -> String {
    files.map { file in
      var status = stat()
      guard stat(file.path, &status) == 0 else { return "\(file.lastPathComponent) missing" }
      let time = status.modificationTime
      return "\(file.lastPathComponent) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
    }.joined(separator: " ")
  }
}

extension stat {
  fileprivate var modificationTime: timespec {
    #if os(macOS)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}

extension Lexicon {
  fileprivate var identity: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
