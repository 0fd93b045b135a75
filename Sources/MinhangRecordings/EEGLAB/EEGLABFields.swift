import MinhangCore

/// The fields of a data set: those of a structure `EEG`, or, as newer versions save, the variables of the file.
struct EEGLABFields {
  /// Names of variables and fields that are read, at any depth.
  static let wanted: Set<String> = [
    "EEG", "EEGDATA", "subject", "nbchan", "trials", "pnts", "srate", "xmin", "data", "datfile", "chanlocs", "labels", "X", "Y", "Z",
    "type",
    "unit", "chaninfo", "nosedir", "event", "latency", "duration", "ref",
  ]

  private let structure: MATStructures?
  private let variables: [String: MATValue]

  /// Finds the data set among the variables of a file.
  ///
  /// - Throws: `badData` where the file is damaged before it, `unsupported` where there is none or are several.
  init(_ file: MATFile, path: String) throws(RecordingError) {
    variables = file.variables
    if case .structures(let structure) = variables["EEG"] {
      guard structure.count <= 1 else {
        throw RecordingError(
          .unsupported, path: path, "variable EEG holds \(structure.count) data sets; expected one: save each by itself (pop_saveset)")
      }
      self.structure = structure
      return
    }
    structure = nil
    guard variables["srate"] == nil || variables["data"] == nil else { return }
    if let defect = file.defect { throw RecordingError(.badData, path: path, defect) }
    let names = file.names.prefix(5).map { $0.quotedForDisplay() }.joined(separator: ", ")
    throw RecordingError(
      .unsupported, path: path,
      "the MATLAB file holds \(names.isEmpty ? "no variable" : "the variables " + names); expected a data set of EEGLAB: EEG, or srate and data"
    )
  }

  /// A field; `empty` where there is none.
  subscript(_ name: String) -> MATValue { structure?[name, of: 0] ?? variables[name] ?? .empty }

  /// The variable in which old versions keep the samples.
  var oldData: MATValue { variables["EEGDATA"] ?? .empty }

  /// A field as a whole number of 1 or more.
  ///
  /// - Throws: `badData` where the field is a number of another kind.
  func count(_ name: String, path: String) throws(RecordingError) -> Int? {
    guard let number = self[name].number else { return nil }
    guard let count = Int(exactly: number), (1...1 << 40).contains(count) else {
      throw RecordingError(.badData, path: path, "field \(name) is \(number); expected a whole number of 1 or more")
    }
    return count
  }

  /// A field as a list of structures: an array of structures, or a cell array of single ones.
  func list(_ name: String) -> [(MATStructures, Int)] {
    switch self[name] {
    case .structures(let all): (0..<all.count).map { (all, $0) }
    case .cells(let cells):
      cells.compactMap { cell in if case .structures(let one) = cell, one.count > 0 { (one, 0) } else { nil } }
    default: []
    }
  }
}
