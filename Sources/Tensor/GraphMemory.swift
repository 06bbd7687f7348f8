import CGGML

/// The memory that the graphs of a backend compute in, one at a time: as much as the largest has needed.
///
/// Memory of a graph's own would come from the system and go back to it with every new shape, page by page.
final class GraphMemory {
  let allocator: ggml_gallocr_t
  /// The graph that was laid out last. Only compared: it may be gone.
  var owner: ObjectIdentifier?

  init(_ backend: ggml_backend_t) {
    allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend))
  }

  deinit {
    ggml_gallocr_free(allocator)
  }
}
