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
      if shown.status.kind == .serverError {
        // A surprise's description might quote the text, so the log has only its kind.
        let isSurprise = shown.code == APIError.internalError.code
        let cause = isSurprise ? "\(type(of: error)) \((error as NSError).code)" : shown.message
        context.logger.error("failed", metadata: ["code": "\(shown.code)", "cause": "\(cause)"])
      }
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
