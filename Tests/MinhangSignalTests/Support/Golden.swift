import Foundation

/// Reads a golden file that `Goldens/make_goldens.py` made.
enum Golden {
  static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self, file: String = #filePath) throws -> Content {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Goldens")
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }
}
