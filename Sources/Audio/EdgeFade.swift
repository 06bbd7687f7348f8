/// Fades speech that arrives piece by piece in and out, so that its ends do not click.
package struct EdgeFade: Sendable {
  private let sampleRate: Int
  private let length: Int
  private var hasBegun = false
  private var held: [Float] = []

  /// Creates fades of 5 ms.
  package init(sampleRate: Int) {
    self.sampleRate = sampleRate
    length = sampleRate / 200
  }

  /// The samples before those that may be the last.
  package mutating func process(_ samples: [Float]) -> [Float] {
    var ready = held + samples
    // Until a whole fade is here, its shape is not known.
    guard ready.count > 2 * length else {
      held = ready
      return []
    }
    if !hasBegun {
      AudioJoin.fadeIn(&ready, sampleRate: sampleRate)
      hasBegun = true
    }
    held = Array(ready.suffix(length))
    ready.removeLast(length)
    return ready
  }

  /// The last samples, faded out.
  package func finish(_ samples: [Float]) -> [Float] {
    var ready = held + samples
    if !hasBegun { AudioJoin.fadeIn(&ready, sampleRate: sampleRate) }
    AudioJoin.fadeOut(&ready, sampleRate: sampleRate)
    return ready
  }
}
