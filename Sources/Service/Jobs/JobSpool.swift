import Audio
import Chatterbox
import Foundation

/// The samples of a job that are kept while it is made: 32-bit floats, one after the other.
///
/// What is written becomes part of the job only when the database says so: until then a crash leaves bytes that
/// are cut off at the next start.
struct JobSpool {
  private static let bytesPerSample = MemoryLayout<Float>.size
  /// Samples that are read at once.
  private static let blockSize = 1 << 16

  private let handle: FileHandle
  private(set) var sampleCount: Int

  /// Opens a job's samples.
  ///
  /// - Parameter sampleCount: how many the database says there are; what is beyond is cut off.
  /// - Throws: ``StorageError/damaged`` when there are fewer; ``StorageError/noRoom``.
  init(at file: URL, sampleCount: Int) throws(StorageError) {
    if !FileManager.default.fileExists(atPath: file.path) {
      guard sampleCount == 0 else { throw .damaged }
      guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw .noRoom }
    }
    guard let handle = FileHandle(forUpdatingAtPath: file.path) else { throw .noRoom }
    do {
      let size = try handle.seekToEnd()
      guard size >= UInt64(sampleCount * Self.bytesPerSample) else { throw StorageError.damaged }
      try handle.truncate(atOffset: UInt64(sampleCount * Self.bytesPerSample))
    } catch let error as StorageError {
      throw error
    } catch {
      throw .noRoom
    }
    (self.handle, self.sampleCount) = (handle, sampleCount)
  }

  mutating func append(_ samples: [Float]) throws(StorageError) {
    do {
      try handle.write(contentsOf: samples.withUnsafeBytes { Data($0) })
    } catch {
      throw .noRoom
    }
    sampleCount += samples.count
  }

  /// Waits until all of it is on the disk.
  func synchronize() throws(StorageError) {
    do { try handle.synchronize() } catch { throw .noRoom }
  }

  /// Encodes all of it into a file, in constant memory.
  ///
  /// - Throws: ``StorageError``; `AudioEncodingError`.
  func encode(_ format: AudioFormat, to file: URL) throws {
    let encoder = try format.makeEncoder(sampleRate: SpeechStream.sampleRate, isFile: true)
    guard FileManager.default.createFile(atPath: file.path, contents: nil),
      let output = FileHandle(forUpdatingAtPath: file.path)
    else { throw StorageError.noRoom }
    defer { try? output.close() }
    func write(_ bytes: [UInt8]) throws(StorageError) {
      do { try output.write(contentsOf: bytes) } catch { throw .noRoom }
    }
    try handle.seek(toOffset: 0)
    while let data = try handle.read(upToCount: Self.blockSize * Self.bytesPerSample), !data.isEmpty {
      try write(encoder.encode(data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }))
    }
    try write(encoder.finish())
    let header = encoder.finalHeader
    if !header.isEmpty {
      try output.seek(toOffset: 0)
      try write(header)
    }
  }
}
