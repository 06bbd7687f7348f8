package import Tensor

/// A waveform under way, whose mel comes in pieces: what is heard again by the samples to come.
package struct HiFTStream {
  /// Frames of context that samples wait for. With ``HiFTStream/exactLookahead`` they equal those of the
  /// whole waveform; with fewer they come earlier and differ a little before each joint.
  package let lookahead: Int
  /// As many as a sample hears, and as many more as its pitch does.
  package static let exactLookahead = HiFT.context + pitchContext
  /// Differs from the whole waveform by a thousandth, and waits for 160 ms.
  package static let quickLookahead = 8
  fileprivate static let pitchContext = 5

  /// Frames that samples to come still hear, and the source of those whose pitch is certain.
  fileprivate var mel: [Float] = []
  fileprivate var samples: [Float] = []
  fileprivate var first = 0
  /// Frames that have been spoken.
  fileprivate var spoken = 0
  fileprivate var state: HarmonicSource.State

  fileprivate var end: Int { first + mel.count / HiFT.melChannels }
  fileprivate var sourced: Int { first + samples.count / HiFT.hop }
}

extension HiFT {
  /// Starts a waveform.
  ///
  /// - Parameters:
  ///   - randomness: the source's phases and noise.
  ///   - lookahead: frames of context that samples wait for: at least the five that make a pitch certain,
  ///     which may not change once it has been spoken.
  package func stream(
    randomness: HiFTRandomness, lookahead: Int = HiFTStream.exactLookahead
  ) -> HiFTStream {
    precondition(lookahead >= HiFTStream.pitchContext, "a pitch is certain after five frames")
    return HiFTStream(lookahead: lookahead, state: source.start(randomness))
  }

  /// The samples that further frames make certain: ``hop`` for each frame but the last few, which the next
  /// call or the end of the stream makes.
  ///
  /// - Parameters:
  ///   - mel: rows of ``melChannels``; may be none.
  ///   - isLast: whether no frames follow; then nothing is held back.
  ///   - stream: what came before.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``; the stream is then of no more use.
  package func next(
    _ mel: [Float], isLast: Bool, _ stream: inout HiFTStream
  ) throws(TensorError) -> [Float] {
    precondition(mel.count.isMultiple(of: Self.melChannels), "mel frames are rows of \(Self.melChannels)")
    stream.mel += mel
    let target = isLast ? stream.end : stream.end - stream.lookahead
    guard target > stream.spoken else { return [] }
    let source = try source(of: &stream, isLast: isLast)
    var waveform: [Float] = []
    waveform.reserveCapacity((target - stream.spoken) * Self.hop)
    for start in stride(from: stream.spoken, to: target, by: window) {
      let core = start..<min(start + window, target)
      let heard =
        max(stream.first, start - Self.context) - stream.first..<min(
          core.upperBound + Self.context, stream.end)
        - stream.first
      let samples = try decode(
        Array(stream.mel[heard.lowerBound * Self.melChannels..<heard.upperBound * Self.melChannels]),
        Array(source[heard.lowerBound * Self.hop..<heard.upperBound * Self.hop]))
      let skipped = (start - stream.first - heard.lowerBound) * Self.hop
      waveform += samples[skipped..<skipped + core.count * Self.hop]
    }
    stream.spoken = target
    stream.forget()
    return waveform
  }

  /// The source of all frames that are kept; only of those with a certain pitch does the stream keep it.
  private func source(of stream: inout HiFTStream, isLast: Bool) throws(TensorError) -> [Float] {
    let pitch = try f0(of: stream.mel)
    let held = isLast ? 0 : HiFTStream.pitchContext
    let certain = max(stream.sourced, stream.end - held)
    let (known, newlyCertain) = (stream.sourced - stream.first, certain - stream.first)
    stream.samples += source.next(Array(pitch[known..<newlyCertain]), hop: Self.hop, &stream.state)
    var provisional = stream.state
    return stream.samples + source.next(Array(pitch[newlyCertain...]), hop: Self.hop, &provisional)
  }
}

extension HiFTStream {
  /// Drops what no sample to come hears.
  fileprivate mutating func forget() {
    let frames = spoken - HiFT.context - first
    guard frames > 0 else { return }
    mel.removeFirst(frames * HiFT.melChannels)
    samples.removeFirst(frames * HiFT.hop)
    first += frames
  }
}
