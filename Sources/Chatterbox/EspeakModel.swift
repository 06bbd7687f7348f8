import Audio
import Text

/// espeak-ng's own speech: plain, but in all 23 languages from the first minute.
struct EspeakModel: SpeechModel {
  let name = ModelName.espeak
  /// What espeak-ng's voices make.
  let sampleRate = 22_050
  let identity = "espeak"

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    let normalizer = TextNormalizer(language: chunk.language)
    let text = chunk.lexicon.respelled(chunk.text, language: chunk.language)
    var spoken = normalizer.normalize(text)
    if chunk.language == .japanese {
      spoken = try await KanaReader().reading(of: spoken).text
    }
    let wav = try await EspeakSynthesizer(language: chunk.language).wav(of: spoken)
    let audio = try WAVReader.read(wav)
    return SampleSource(try audio.resampled(to: sampleRate).samples)
  }
}
