import NIOCore
import Synchronization

/// Ends work when the client that it is for has gone.
///
/// One handler a connection: it sees the client close, or close its sending half, also while nobody reads.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Any

  private struct State {
    var isClosed = false
    var nextID = 0
    var callbacks: [Int: @Sendable () -> Void] = [:]
  }

  /// The watches of the connections that are open.
  private static let watches = Mutex<[ObjectIdentifier: ConnectionWatch]>([:])

  private let state = Mutex(State())

  /// The watch of a connection; `nil` for one that is not a real one.
  static func of(_ channel: any Channel) -> ConnectionWatch? {
    watches.withLock { $0[ObjectIdentifier(channel)] }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = ObjectIdentifier(context.channel)
    Self.watches.withLock { $0[channel] = self }
    context.channel.closeFuture.whenComplete { _ in
      Self.watches.withLock { $0[channel] = nil }
      self.close()
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { close() }
    context.fireUserInboundEventTriggered(event)
  }

  private func close() {
    let callbacks = state.withLock { state in
      state.isClosed = true
      defer { state.callbacks = [:] }
      return state.callbacks.values
    }
    for callback in callbacks { callback() }
  }

  /// Calls back when the client goes, until the token is forgotten.
  private func onClose(_ callback: @escaping @Sendable () -> Void) -> Int? {
    let id = state.withLock { state -> Int? in
      guard !state.isClosed else { return nil }
      state.nextID += 1
      state.callbacks[state.nextID] = callback
      return state.nextID
    }
    if id == nil { callback() }
    return id
  }

  private func forget(_ id: Int?) {
    guard let id else { return }
    state.withLock { $0.callbacks[id] = nil }
  }

  /// Does work that is cancelled when the client goes.
  ///
  /// - Throws: what the work does; `CancellationError` when the client has gone.
  func whileOpen<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(operation: work)
    let id = onClose { task.cancel() }
    defer { forget(id) }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}

extension APIContext {
  /// Does work that is cancelled when the client goes.
  func whileConnected<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let watch = ConnectionWatch.of(channel) else { return try await work() }
    return try await watch.whileOpen(work)
  }
}
