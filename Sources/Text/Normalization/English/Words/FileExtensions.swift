/// The extensions that make `name.extension` a file, and how they are said.
enum FileExtensions {
  static func spoken(_ name: String) -> String? {
    let name = name.lowercased()
    if spelled.contains(name) { return name.uppercased().map { String($0) }.joined(separator: "-") }
    return words[name]
  }

  private static let spelled: Set<String> = [
    "pdf", "txt", "csv", "html", "htm", "css", "js", "ts", "py", "md", "xml", "png", "svg", "wav", "xls",
    "xlsx", "ppt", "pptx", "gz", "exe", "dll", "cpp", "sh", "rs", "sql", "yml", "iso", "ini", "gguf",
  ]

  private static let words = [
    "jpg": "jay peg", "jpeg": "jay peg", "gif": "gif", "json": "jason", "yaml": "yaml", "toml": "toml",
    "zip": "zip", "tar": "tar", "swift": "swift", "java": "java", "log": "log", "doc": "doc",
    "docx": "doc X", "mp3": "M-P three", "mp4": "M-P four", "flac": "flac", "onnx": "onnx",
    "webm": "web M", "bin": "bin", "bat": "bat",
  ]
}
