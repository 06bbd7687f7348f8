internal import Tensor

extension S3Gen {
  /// The velocity of a step, guided away from the one without a voice unless the flow has learned that.
  func velocity(
    of mel: [Float], _ condition: FlowCondition, start: Float, end: Float
  ) throws(S3GenError) -> [Float] {
    do throws(TensorError) {
      let length = mel.count / melChannels
      let graph = try stepGraphs.graph(for: length) { () throws(TensorError) in
        try stepGraph(length: length)
      }
      let run = { (condition: FlowCondition) throws(TensorError) -> [Float] in
        graph.set("mel", mel)
        graph.set("frames", condition.frames)
        graph.set("voice", condition.speaker)
        graph.set("prompt", condition.prompt)
        graph.set("start", self.decoder.time.embedding(start))
        if self.isMeanFlow { graph.set("end", self.decoder.time.embedding(end)) }
        try graph.compute()
        return graph.floats("velocity")
      }
      let guided = try run(condition)
      guard !isMeanFlow else { return guided }
      let unguided = try run(condition.withoutVoice)
      return zip(guided, unguided).map { $0 + FlowSchedule.guidance * ($0 - $1) }
    } catch {
      throw .device(error)
    }
  }

  private func stepGraph(length: Int) throws(TensorError) -> Graph {
    try Graph(on: backend) { builder in
      let row = [melChannels, length]
      let mel = builder.input("mel", row)
      let input = mel.concatenated(builder.input("frames", row), along: 0)
        .concatenated(builder.input("voice", [melChannels, 1]).repeated(like: mel), along: 0)
        .concatenated(builder.input("prompt", row), along: 0)
      let start = builder.input("start", [decoder.time.inputs, 1])
      let end = isMeanFlow ? builder.input("end", [decoder.time.inputs, 1]) : nil
      builder.output("velocity", decoder(input, start: start, end: end))
    }
  }
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
