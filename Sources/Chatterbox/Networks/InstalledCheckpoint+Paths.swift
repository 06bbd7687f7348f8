import Foundation

// The files of a checkpoint, as the networks ask for them.
extension InstalledCheckpoint {
  var tokenModel: String { get throws(ChatterboxError) { try path(.t3) } }
  var decoder: String { get throws(ChatterboxError) { try path(.s3gen) } }
  var voiceEncoder: String { get throws(ChatterboxError) { try path(.voiceEncoder) } }

  /// A part's file.
  ///
  /// - Throws: ``ChatterboxError`` when it has been taken away since the checkpoint was found.
  func path(_ part: CheckpointLayout.Part) throws(ChatterboxError) -> String {
    if let path = file(part)?.path { return path }
    throw ChatterboxError(
      .modelUnreadable,
      "The model '\(kind.rawValue)' lacks its file '\(part.rawValue)'. Fetch it with 'chatterbox models pull'."
    )
  }
}

extension ModelStore {
  /// Every Chatterbox model that is whole, by the name that requests use.
  var checkpoints: [(name: String, checkpoint: InstalledCheckpoint)] {
    folders.compactMap { folder in folder.checkpoint.map { (folder.name, $0) } }
  }
}
