import Foundation
import MinhangCore
import MinhangRecordings

extension DecoderModel {
  /// The model as the bytes of its file.
  ///
  /// The same training gives the same bytes.
  ///
  /// - Throws: `DecodingError` `.unwritable` where the scores hold a number that JSON cannot.
  public func encoded() throws(DecodingError) -> [UInt8] {
    var archive = StoredArchive()
    var arrays: [ModelDocument.Array] = []
    var contents: [StoredArchive.Entry] = []
    for (index, step) in decoder.steps.enumerated() {
      for entry in step.arrays.entries {
        let name = "\(index).\(pipeline.steps[index].key).\(entry.name)"
        let content = NPYArray.bytes(shape: entry.shape, values: entry.values)
        contents.append(StoredArchive.Entry(name: "arrays/\(name).npy", content: content))
        arrays.append(
          ModelDocument.Array(name: name, file: "arrays/\(name).npy", shape: entry.shape, sha256: ContentDigest.sha256(of: content)))
      }
    }
    let document = ModelDocument(
      schema: ModelDocument.schema, library: ModelDocument.Library(name: "minhang", version: libraryVersion),
      pipeline: ModelDocument.PipelineText(name: pipeline.name, yaml: pipeline.yaml), channels: channels, samplingRate: sampleRate,
      classes: classMap.entries.map { ModelDocument.Class(name: $0.name, labels: $0.labels) },
      window: ModelDocument.Window(start: window.start, stop: window.stop, samples: decoder.sampleCount), filters: filterRecords,
      training: training, evaluation: evaluation, warnings: warnings, arrays: arrays)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(document) else {
      throw DecodingError(.unwritable, "the model's record holds a number that is not finite; expected finite scores and rates")
    }
    archive.entries = [StoredArchive.Entry(name: "model.json", content: Array(json) + [0x0A])] + contents
    return archive.bytes
  }

  private var filterRecords: [ModelDocument.Filter] {
    filters.enumerated().compactMap { index, filter in
      filter.map { filter in
        ModelDocument.Filter(
          stage: index, kind: pipeline.preprocess[index].key, sections: filter.sections.map { [$0.b0, $0.b1, $0.b2, 1, $0.a1, $0.a2] })
      }
    }
  }

  /// Writes the model to a file, whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - replacing: Whether an existing file is replaced.
  ///   - inputs: Files that must never be replaced.
  /// - Throws: `RecordingError` `.wouldOverwrite`, `.cannotCreate`, `.inputOutput`; `DecodingError` if the model cannot be encoded.
  public func write(to path: String, replacing: Bool = false, inputs: [String] = []) throws {
    let bytes = try encoded()
    let file = try AtomicFile(path: path, replacing: replacing, inputs: inputs)
    try file.append(bytes)
    try file.commit()
  }
}
