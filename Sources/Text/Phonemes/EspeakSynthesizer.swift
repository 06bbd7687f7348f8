/// Speaks with espeak-ng's own voice: not natural, but there from the first minute in every language.
package struct EspeakSynthesizer: Sendable {
  private let voice: String
  private let program: Program

  /// About 25 minutes of speech.
  private static let outputLimit = 64 << 20

  /// Creates a synthesizer.
  /// - Parameter program: The program's name on the `PATH`.
  package init(language: Language, program: String = "espeak-ng") {
    voice = language.espeakVoice
    self.program = Program(name: program)
  }

  /// The speech of a text as a WAV file: PCM 16, mono, 22,050 Hz.
  package func wav(of text: String) async throws(EspeakError) -> [UInt8] {
    do {
      let output = try await program.run(
        ["-b", "1", "-v", voice, "--stdout", "--stdin"], input: EspeakText.plain(text),
        outputLimit: Self.outputLimit)
      return Self.withSizes(output)
    } catch {
      throw EspeakError(error)
    }
  }

  /// Fills in the two lengths of the header, which the program writes before it knows them.
  private static func withSizes(_ wav: [UInt8]) -> [UInt8] {
    let headerLength = 44
    guard wav.count >= headerLength else { return wav }
    var wav = wav
    wav.replaceSubrange(4..<8, with: littleEndian(wav.count - 8))
    wav.replaceSubrange(40..<44, with: littleEndian(wav.count - headerLength))
    return wav
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
