import Foundation
import Hummingbird
import Logging

/// Answers every error with JSON, whoever threw it.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
  let routes: RouteTable

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let shown = APIError(presenting: explained(error, of: request))
      if shown.status.kind == .serverError {
        context.logger.error("failed", metadata: ["code": "\(shown.code)", "cause": "\(cause(of: error))"])
      }
      return try Response(json: shown, status: shown.status, headers: shown.headers)
    }
  }

  /// Hummingbird's own error, thrown where no route answers, as one of ours.
  private func explained(_ error: any Error, of request: Request) -> any Error {
    (error as? HTTPError)?.status == .notFound ? routes.refusal(of: request) : error
  }

  /// What the log may hold of an error. A surprise's description might quote the text, so only its kind is
  /// written.
  private func cause(of error: any Error) -> String {
    switch APIError(presenting: error) {
    case let known where known.code != APIError.internalError.code: known.message
    default: "\(type(of: error)) \((error as NSError).code)"
    }
  }
}
