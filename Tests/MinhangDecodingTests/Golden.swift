import Foundation
import MinhangAlgebra
import MinhangCore
import Testing

/// Golden values beside the tests, and the recordings beside the package.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

  static func read<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Content.self, from: Data(contentsOf: folder.appending(path: name)))
  }

  /// A file or folder of real recordings; nil, with the reason printed, where there are none.
  static func recordings(_ path: String) -> URL? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let place = root.deletingLastPathComponent().appending(path: "shared/data/\(path)")
    guard FileManager.default.fileExists(atPath: place.path) else {
      print("skipped: no recordings at ../shared/data/\(path)")
      return nil
    }
    return place
  }
}

/// The largest difference relative to the largest magnitude expected.
func relativeDistance(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(0) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(scale, .leastNormalMagnitude)
}
