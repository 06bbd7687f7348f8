package import Audio
package import Foundation

/// What was written: the file's hash, its length, and how long it took.
package struct SpeechSummary: Sendable {
  /// Who spoke, and what the caller should know.
  package let info: SpeechInfo
  /// SHA-256 of all bytes written, in lower-case hexadecimal.
  package let sha256: String
  /// How long it took.
  package let timings: SpeechTimings
}

extension SpeechStream {
  /// Writes the speech into a WAV file as it is made, in constant memory.
  ///
  /// The file appears under its name only when it is whole and checked; until then, and if anything fails,
  /// there is none.
  ///
  /// - Parameters:
  ///   - path: where; an existing file is replaced.
  ///   - encoding: the samples' form.
  ///   - progress: called with the share of the text that has been spoken, 0…1.
  /// - Throws: ``ChatterboxError``; `CancellationError`.
  package func write(
    to path: String, _ encoding: WAVEncoding = .pcm16, progress: (Double) -> Void = { _ in }
  ) async throws -> SpeechSummary {
    // A link's target is replaced, not the link.
    let path = URL(filePath: path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    if type == .typeDirectory {
      throw ChatterboxError(.outputNotWritable, "The output is a folder: name a file in it.")
    }
    if let type, type != .typeRegular {
      // A device or a pipe, such as /dev/null: written to as it is, never replaced.
      guard let handle = FileHandle(forWritingAtPath: path) else {
        throw ChatterboxError(.outputNotWritable, "The output is not writable: choose another.")
      }
      return try await write(to: handle, encoding, progress: progress)
    }
    let encoder = WAVEncoder(encoding: encoding, sampleRate: Self.sampleRate)
    let file = try SpeechFile(creating: path)
    try file.write(encoder.header(sampleCount: nil))
    var stopwatch = SpeechStopwatch()
    for try await chunk in self {
      stopwatch.add(chunk)
      try file.write(encoder.encode(chunk.samples))
      progress(chunk.progress)
    }
    try file.overwriteStart(with: encoder.header(sampleCount: stopwatch.sampleCount))
    let timings = stopwatch.timings
    try file.keep()
    return SpeechSummary(info: info, sha256: try SHA256Digest.hexadecimal(ofFile: path), timings: timings)
  }

  /// Writes the speech into a pipe as it is made, as a WAV file whose length is not yet known.
  ///
  /// - Throws: ``ChatterboxError``; `CancellationError`.
  package func write(
    to pipe: FileHandle, _ encoding: WAVEncoding = .pcm16, progress: (Double) -> Void = { _ in }
  ) async throws -> SpeechSummary {
    let encoder = WAVEncoder(encoding: encoding, sampleRate: Self.sampleRate)
    var digest = SHA256Digest()
    var stopwatch = SpeechStopwatch()
    func write(_ bytes: [UInt8]) throws {
      digest.update(bytes)
      do { try pipe.write(contentsOf: bytes) } catch { throw ChatterboxError.notWritable(error) }
    }
    var hasBegun = false
    for try await chunk in self {
      stopwatch.add(chunk)
      // The header waits for the first samples, so that a failure before them leaves nothing half-made.
      if !hasBegun { try write(encoder.header(sampleCount: nil)) }
      hasBegun = true
      try write(encoder.encode(chunk.samples))
      progress(chunk.progress)
    }
    return SpeechSummary(info: info, sha256: digest.hexadecimal, timings: stopwatch.timings)
  }
}

/// A file that exists under its name only once it is kept.
final class SpeechFile {
  private let path: String
  private let partial: URL
  private let handle: FileHandle
  private var isKept = false

  init(creating path: String) throws(ChatterboxError) {
    self.path = path
    partial = URL(filePath: "\(path).partial-\(UInt32.random(in: 0 ... .max))")
    do {
      try Data().write(to: partial, options: .withoutOverwriting)
      handle = try FileHandle(forUpdating: partial)
    } catch {
      throw ChatterboxError.notWritable(error)
    }
  }

  deinit {
    try? handle.close()
    if !isKept { try? FileManager.default.removeItem(at: partial) }
  }

  func write(_ bytes: [UInt8]) throws(ChatterboxError) {
    do { try handle.write(contentsOf: bytes) } catch { throw ChatterboxError.notWritable(error) }
  }

  func overwriteStart(with bytes: [UInt8]) throws(ChatterboxError) {
    do {
      try handle.seek(toOffset: 0)
      try handle.write(contentsOf: bytes)
    } catch {
      throw ChatterboxError.notWritable(error)
    }
  }

  /// Gives the file its name, replacing one that has it.
  func keep() throws(ChatterboxError) {
    guard rename(partial.path, path) == 0 else {
      throw ChatterboxError(.outputNotWritable, "The audio file cannot be given its name: is it a folder?")
    }
    isKept = true
  }
}

extension ChatterboxError {
  fileprivate static func notWritable(_ error: any Error) -> ChatterboxError {
    let advice =
      switch (error as? CocoaError)?.code {
      case .fileWriteOutOfSpace: "The disk is full: free some space."
      case .fileWriteNoPermission, .fileWriteVolumeReadOnly: "The folder is not writable: choose another."
      case .fileNoSuchFile: "The folder does not exist: create it first."
      default: "Writing failed."
      }
    return ChatterboxError(.outputNotWritable, "The audio file cannot be written. \(advice)")
  }
}
