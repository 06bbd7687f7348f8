internal import Tensor

/// A transformer without its token embedding: positions in, positions out.
protocol T3Backbone {
  /// New positions [C, T·S] → their last hidden states [C, T·S], normalised.
  ///
  /// - Parameters:
  ///   - input: embeddings.
  ///   - attention: the pass over new positions and the cache.
  func callAsFunction(_ input: Tensor, _ attention: CachedAttention) -> Tensor
}
