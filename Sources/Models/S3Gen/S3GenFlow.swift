/// A mel on its way from noise, which ``S3Gen/advance(_:)`` takes step by step.
package struct S3GenFlow {
  var mel: [Float]
  let condition: FlowCondition
  let promptValues: Int
  var steps: ArraySlice<(start: Float, end: Float)>

  /// Whether no step is left.
  package var isDone: Bool { steps.isEmpty }

  /// The mel as it is, two rows of 80 for each token; the voice's own are left out.
  package var frames: [Float] { Array(mel[promptValues...]) }
}

/// What a flow's steps know beside the noisy mel.
struct FlowCondition {
  let frames: [Float]
  let speaker: [Float]
  /// The known part of the mel, zeros after it.
  let prompt: [Float]

  init(_ encoded: S3Gen.Encoded, promptMel: [Float]) {
    frames = encoded.frames
    speaker = encoded.speaker
    prompt = promptMel + [Float](repeating: 0, count: frames.count - promptMel.count)
  }

  private init(zeros frames: Int, _ speaker: Int) {
    self.frames = [Float](repeating: 0, count: frames)
    self.speaker = [Float](repeating: 0, count: speaker)
    prompt = self.frames
  }

  /// The same without tokens, speaker and prompt.
  var withoutVoice: FlowCondition { FlowCondition(zeros: frames.count, speaker.count) }
}
