public import Audio
import Foundation

// Whose voice: cloning, converting, and the mark that machine-made speech carries.
extension ChatterboxEngine {
  /// Makes a voice from a recording of it: 5 to 15 seconds of one clear speaker.
  ///
  /// - Parameters:
  ///   - path: a WAV, FLAC, MP3 or OGG file of any rate.
  ///   - model: the model that will speak; its voices also serve its sibling (`turbo` and `nano`, `standard`
  ///     and `multilingual`).
  ///   - name: what to call it; `nil` takes the file's name.
  /// - Throws: ``ChatterboxError`` when the model is not installed, or the audio is unreadable, too short,
  ///   silent or clipped.
  public func cloneVoice(from path: String, for model: String, name: String? = nil) async throws -> Voice {
    let (use, model) = try await chatterboxModel(model)
    defer { withExtendedLifetime(use) {} }
    let audio = try Self.audio(at: path)
    let name = name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
    do {
      return try await model.worker.voice(from: audio, name: name)
    } catch {
      throw ChatterboxError.presentable(error)
    }
  }

  /// Says again in another voice what a recording says.
  ///
  /// - Parameters:
  ///   - path: a WAV, FLAC, MP3 or OGG file of any rate.
  ///   - voice: whose voice; `nil` is the model's own.
  ///   - model: one of the Chatterbox models; only its decoder is used.
  ///   - seed: makes the result reproducible.
  /// - Returns: mono speech at 24 kHz, with the watermark if it is on.
  /// - Throws: ``ChatterboxError``; `CancellationError`.
  public func convert(
    _ path: String, to voice: Voice? = nil, model: String, seed: UInt64 = 0
  ) async throws -> AudioBuffer {
    let (use, model) = try await chatterboxModel(model)
    defer { withExtendedLifetime(use) {} }
    if let voice, voice.family != model.name.voiceFamily {
      throw ChatterboxError.wrongFamily(voice, model.name.rawValue, model.name)
    }
    guard model.watermark != nil || !configuration.watermark else { throw ChatterboxError.noWatermark }
    let audio = try Self.audio(at: path)
    guard audio.duration >= 0.1 else {
      throw ChatterboxError(
        .voiceUnreadable, "The recording is shorter than a tenth of a second.", field: "audio")
    }
    do {
      let samples = try await model.worker.converted(audio, to: voice, seed: seed)
      let converted = AudioBuffer(
        samples: AudioLevel.clamped(samples), sampleRate: SpeechStream.sampleRate)
      return try await model.watermark?.mark(converted) ?? converted
    } catch {
      throw ChatterboxError.presentable(error)
    }
  }

  /// How sure the detector is that a recording carries the Perth watermark, 0…1.
  ///
  /// - Throws: ``ChatterboxError`` when the file is unreadable, or the watermark's weights are not installed.
  public func watermarkConfidence(inFile path: String) async throws -> Double {
    guard let watermarker else { throw ChatterboxError.noWatermark }
    let audio = try Self.audio(at: path)
    do {
      return try await watermarker.confidence(in: audio)
    } catch {
      throw ChatterboxError.presentable(error)
    }
  }

  private static func audio(at path: String) throws(ChatterboxError) -> AudioBuffer {
    do {
      return try AudioFileReader.read(contentsOf: URL(filePath: path))
    } catch let error as AudioFileError {
      throw ChatterboxError(.voiceUnreadable, "The audio cannot be used. \(error)", field: "audio")
    } catch {
      throw ChatterboxError(
        .voiceUnreadable, "The audio file is missing or not readable.", field: "audio")
    }
  }
}

extension AudioBuffer {
  /// Writes the audio as a WAV file of 16 bits.
  ///
  /// - Throws: ``ChatterboxError`` when the file cannot be written.
  package func saveWAV(to path: String, _ encoding: WAVEncoding = .pcm16) throws {
    let encoder = WAVEncoder(encoding: encoding, sampleRate: sampleRate)
    let file = try SpeechFile(creating: path)
    try file.write(encoder.header(sampleCount: samples.count) + encoder.encode(samples))
    try file.keep()
  }
}
