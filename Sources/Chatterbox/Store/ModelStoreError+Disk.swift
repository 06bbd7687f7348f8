import Foundation

extension ModelStoreError {
  /// What a failed system call means for a person.
  ///
  /// - Parameters:
  ///   - number: `errno`.
  ///   - file: the file's name within the model.
  static func disk(_ number: Int32, _ file: String) -> ModelStoreError {
    switch number {
    case ENOSPC, EDQUOT:
      ModelStoreError(
        .diskFull,
        "The disk is full: '\(file)' could not be written. Free some space and run the same command.")
    case EACCES, EPERM, EROFS:
      ModelStoreError(
        .notWritable,
        "No permission to write '\(file)' in the models folder. Check its owner, or choose another in models.cache_dir."
      )
    default:
      ModelStoreError(
        .notWritable, "'\(file)' could not be read or written: \(String(cString: strerror(number))).")
    }
  }

  /// What an error of Foundation's file functions means for a person.
  static func disk(_ error: any Error, _ file: String) -> any Error {
    if error is ModelStoreError || error is CancellationError { return error }
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let cause, cause.domain == NSPOSIXErrorDomain { return disk(Int32(cause.code), file) }
    return switch (error as? CocoaError)?.code {
    case .fileWriteOutOfSpace: disk(ENOSPC, file)
    case .fileWriteNoPermission, .fileReadNoPermission: disk(EACCES, file)
    case .fileWriteVolumeReadOnly: disk(EROFS, file)
    case .fileNoSuchFile, .fileReadNoSuchFile: disk(ENOENT, file)
    default: ModelStoreError(.notWritable, "'\(file)' could not be read or written.")
    }
  }
}

/// Runs file functions whose errors are shown as ``ModelStoreError``.
func onDisk<Value>(_ file: String, _ operation: () throws -> Value) throws -> Value {
  do { return try operation() } catch { throw ModelStoreError.disk(error, file) }
}
