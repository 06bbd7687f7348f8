import Foundation
import Hummingbird
import Logging
import Service

/// Answers every error with JSON, whoever threw it.
struct ErrorMiddleware: RouterMiddleware {
  let routes: RouteTable
  let metrics: NodeMetrics

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let shown = APIError(presenting: explained(error, of: request))
      metrics.errors.add(1, shown.code)
      context.notes.note { $0.errorCode = shown.code }
      shown.log("failed", by: error, in: context.logger)
      if OpenAIError.isShown(at: request.uri.path) {
        let theirs = OpenAIError(presenting: shown)
        return try Response(json: theirs, status: theirs.status, headers: shown.headers)
      }
      return try Response(json: shown, status: shown.status, headers: shown.headers)
    }
  }

  /// Hummingbird's own error, thrown where no route answers, as one of ours.
  private func explained(_ error: any Error, of request: Request) -> any Error {
    (error as? HTTPError)?.status == .notFound ? routes.refusal(of: request) : error
  }
}

extension APIError {
  /// Writes into the log what is the server's fault.
  func log(_ words: Logger.Message, by error: any Error, in logger: Logger) {
    guard status.kind == .serverError else { return }
    // A surprise's description might quote the text, so the log has only its kind.
    let isSurprise = code == Self.internalError.code
    let cause = isSurprise ? "\(type(of: error)) \((error as NSError).code)" : message
    logger.error(words, metadata: ["code": "\(code)", "cause": "\(cause)"])
  }
}
