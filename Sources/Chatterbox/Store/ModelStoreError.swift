/// Why models could not be fetched, imported, checked or removed: what was wrong, and what to do.
///
/// The message names models, repositories and files, never a token or a folder of this machine.
package struct ModelStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  package enum Code: Hashable, Sendable {
    /// No model has this name, or the name cannot be one.
    case unknownName
    /// The model has no such version.
    case unknownVersion
    /// The hub has no such repository, revision or file.
    case notFound
    /// The hub wants to know who asks: the repository is private or gated.
    case accessDenied
    /// The hub or the network did not answer, again and again.
    case unreachable
    /// The hub's answer makes no sense, or is hostile.
    case unexpectedAnswer
    /// The bytes are not those that the hub promised.
    case damaged
    /// The files are not a whole model, or not the model that was said.
    case incomplete
    /// The disk is full.
    case diskFull
    /// The folder cannot be read or written.
    case notWritable
    /// A setting in the environment is malformed.
    case invalidSetting
  }

  package let code: Code
  /// One or two sentences for a person.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
