import Foundation

/// Reads a golden file that `Goldens/make_goldens.py` made.
enum Golden {
  static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self, file: String = #filePath) throws -> Content {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Goldens")
    // Larger sets than are kept, which `Tests/parity --sets` has made anew.
    if let larger = ProcessInfo.processInfo.environment["MINHANG_LARGE_GOLDENS"] {
      let path = URL(fileURLWithPath: larger).appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: path.path) { return try JSONDecoder().decode(type, from: Data(contentsOf: path)) }
    }
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }
}
