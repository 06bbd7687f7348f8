import Testing

/// The tests in which real models speak. They take turns: each runs programs and computes on every core, and
/// all at once would starve one another.
@Suite("Real speech", .serialized)
enum RealSpeech {}
