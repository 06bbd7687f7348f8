/// Turns mono samples into a format's bytes as they come. Used by one task, from the first sample to the last.
package protocol AudioEncoder: AnyObject {
  /// The bytes that are ready after these samples, in −1…1; an encoder may hold some back.
  func encode(_ samples: [Float]) throws(AudioEncodingError) -> [UInt8]

  /// The last bytes. Called once.
  func finish() throws(AudioEncodingError) -> [UInt8]

  /// What the first bytes are to be replaced with in a file, now that its length is known; empty when they are
  /// right as they are. Asked for after ``finish()``.
  var finalHeader: [UInt8] { get }
}

extension AudioEncoder {
  package var finalHeader: [UInt8] { [] }
}

/// Why audio could not be encoded.
package struct AudioEncodingError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }

  static let outOfMemory = AudioEncodingError("There is not enough memory for an encoder.")
}
