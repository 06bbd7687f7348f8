import Foundation
import Tensor

// Does one piece of work for every line of standard input, and answers with a line of JSON: what
// Benchmarks/chatterbox_vs_reference.py asks for.
//
//   chatterbox-stages MODEL_FOLDER DTYPE THREADS TOKENS

let arguments = CommandLine.arguments
guard arguments.count == 5, let type = WeightType(rawValue: arguments[2]), let threads = Int(arguments[3]),
  let tokens = Int(arguments[4])
else {
  FileHandle.standardError.write(Data("chatterbox-stages MODEL_FOLDER DTYPE THREADS TOKENS\n".utf8))
  exit(64)
}
let folder = URL(filePath: arguments[1])

let stages = Stages(folder: folder, type: type, threads: threads)
let requests = Requests(folder: folder, type: type, threads: threads, tokens: tokens)
while let line = readLine() {
  let words = line.split(separator: " ", maxSplits: 1).map(String.init)
  guard let command = words.first else { continue }
  let rest = words.count > 1 ? words[1] : ""
  let answer: [String: Double]
  do {
    if let ofStage = try stages.answer(command, rest) {
      answer = ofStage
    } else {
      answer = try await requests.answer(command, rest) ?? ["unknown": 1]
    }
  } catch {
    FileHandle.standardError.write(Data("\(command): \(error)\n".utf8))
    exit(1)
  }
  print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
  fflush(nil)
}
