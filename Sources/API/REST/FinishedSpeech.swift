import Audio
import Chatterbox
import Foundation
import Hummingbird

/// Speech that is whole and checked, in a file that nothing but this value can reach.
///
/// The file has no name any more: the system frees it when it is closed, even if the server is killed.
struct FinishedSpeech: Sendable {
  let summary: SpeechSummary
  let byteCount: Int
  private let file: FileHandle

  /// Makes the speech, in constant memory.
  ///
  /// - Parameters:
  ///   - stream: what to make.
  ///   - encoding: the samples' form.
  ///   - directory: where the file is kept while it is made, in a folder that only this user can read.
  /// - Throws: ``ChatterboxError``; `CancellationError`. Then nothing is left behind.
  init(of stream: SpeechStream, _ encoding: WAVEncoding, in directory: URL) async throws {
    let folder = directory.appending(path: "chatterbox-\(UUID().uuidString)")
    // Not FileManager, which sets the permissions only after the folder is there.
    guard mkdir(folder.path, 0o700) == 0 else {
      throw ChatterboxError(.outputNotWritable, "The server has no room for temporary files.")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "speech.wav")
    summary = try await stream.write(to: path.path, encoding)
    file = try FileHandle(forReadingFrom: path)
    byteCount = Int(try file.seekToEnd())
    try file.seek(toOffset: 0)
  }

  /// The file's bytes, read as fast as the client takes them.
  var body: ResponseBody {
    ResponseBody(contentLength: byteCount) { [file] writer in
      while let bytes = try file.read(upToCount: 64 << 10), !bytes.isEmpty {
        try await writer.write(ByteBuffer(bytes: bytes))
      }
      try await writer.finish(nil)
    }
  }
}
