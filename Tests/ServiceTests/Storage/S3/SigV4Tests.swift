import Audio
import Foundation
import Testing

@testable import Service

/// The examples that Amazon publishes:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html> and
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>.
struct SigV4Tests {
  private static let empty = SHA256Digest.hexadecimal(of: [])
  private let signer = SigV4(
    accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region: "us-east-1")
  private let now = Date(timeIntervalSince1970: 1_369_353_600)

  private func request(
    _ method: String, _ path: String, _ query: [String: String] = [:], _ headers: [String: String] = [:]
  ) -> SigV4.Request {
    let host = ["host": "examplebucket.s3.amazonaws.com"]
    return SigV4.Request(
      method: method, path: path, query: query, headers: headers.merging(host) { $1 })
  }

  private func authorization(_ request: SigV4.Request, payload: String = empty) -> String? {
    signer.headers(signing: request, payload: payload, at: now)["authorization"]
  }

  private func expected(_ names: String, _ signature: String) -> String {
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
      + "SignedHeaders=\(names),Signature=\(signature)"
  }

  @Test func getsAPartOfAnObject() {
    #expect(
      authorization(request("GET", "/test.txt", [:], ["range": "bytes=0-9"]))
        == expected(
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
  }

  @Test func putsAnObject() {
    let headers = ["date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"]
    let payload = SHA256Digest.hexadecimal(of: Array("Welcome to Amazon S3.".utf8))
    #expect(payload == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
    #expect(
      authorization(request("PUT", "/test$file.text", [:], headers), payload: payload)
        == expected(
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
  }

  @Test func asksForTheLifecycle() {
    #expect(
      authorization(request("GET", "/", ["lifecycle": ""]))
        == expected(
          "host;x-amz-content-sha256;x-amz-date",
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
  }

  @Test func listsObjects() {
    #expect(
      authorization(request("GET", "/", ["max-keys": "2", "prefix": "J"]))
        == expected(
          "host;x-amz-content-sha256;x-amz-date",
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
  }

  @Test func presigns() {
    #expect(
      signer.query(presigning: request("GET", "/test.txt"), life: 86_400, at: now)
        == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
  }

  @Test(arguments: [(-5, 1), (0, 1), (604_800, 604_800), (604_801, 604_800)])
  func bringsTheLifeIntoItsBounds(life: Int, used: Int) {
    let query = signer.query(presigning: request("GET", "/a"), life: life, at: now)
    #expect(query.contains("&X-Amz-Expires=\(used)&"))
  }

  @Test func encodesAllButUnreservedBytes() {
    #expect(SigV4.encode("aZ09-._~") == "aZ09-._~")
    #expect(SigV4.encode("a b/c+d&e=ü") == "a%20b%2Fc%2Bd%26e%3D%C3%BC")
    #expect(SigV4.encode("/a b/*'()", keeping: "/") == "/a%20b/%2A%27%28%29")
    #expect(SigV4.encode(["b": "", "a": "1", "B": "2", "a-": "3"]) == "B=2&a=1&a-=3&b=")
  }

  @Test func collapsesSpacesInHeaders() {
    let text = SigV4.canonical(request("GET", "/", [:], ["x-a": "  b   c "]), payload: "p")
    #expect(text.contains("\nx-a:b c\n"))
  }
}
