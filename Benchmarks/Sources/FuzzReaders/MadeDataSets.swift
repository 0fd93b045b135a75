import Foundation

/// Small data sets of EEGLAB, which the library reads but does not write: the goldens of its tests, MATLAB versions 5, 7 and 7.3.
enum MadeDataSets {
  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tests/MinhangRecordingsTests/Goldens")

  /// Writes them into a folder; none where the tests are not beside the program's source.
  static func write(to folder: String) throws {
    for file in ["hdf5", "matlab"] {
      guard let data = try? Data(contentsOf: goldens.appendingPathComponent("\(file)_files.json")) else { continue }
      for (name, text) in try JSONDecoder().decode([String: String].self, from: data) {
        // Base 64 of the bytes without the zeros at their end, a colon, their number.
        let parts = text.split(separator: ":")
        guard parts.count == 2, var bytes = Data(base64Encoded: String(parts[0])), let count = Int(parts[1]) else { continue }
        bytes.append(Data(count: max(0, count - bytes.count)))
        try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(file)-\(name.replacingOccurrences(of: " ", with: "-")).set"))
      }
    }
  }
}
