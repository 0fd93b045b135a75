/// The content of `model.json`, as it stands in the file.
struct ModelDocument: Codable {
  static let schema = "minhang.model/1"

  struct Library: Codable {
    let name: String
    let version: String
  }

  struct PipelineText: Codable {
    let name: String
    let yaml: String
  }

  struct Class: Codable {
    let name: String
    let labels: [String]
  }

  struct Window: Codable {
    let start: Double
    let stop: Double
    let samples: Int
  }

  /// The filter of a preprocessing stage; each section is `b0 b1 b2 1 a1 a2`.
  struct Filter: Codable {
    let stage: Int
    let kind: String
    let sections: [[Double]]
  }

  struct Array: Codable {
    let name: String
    let file: String
    let shape: [Int]
    let sha256: String
  }

  let schema: String
  let library: Library
  let pipeline: PipelineText
  let channels: [String]
  let samplingRate: Double
  let classes: [Class]
  let window: Window
  let filters: [Filter]
  let training: TrainingRecord
  let evaluation: EvaluationRecord?
  let warnings: [String]
  let arrays: [Array]

  enum CodingKeys: String, CodingKey {
    case schema, library, pipeline, channels, classes, window, filters, training, evaluation, warnings, arrays
    case samplingRate = "sampling_rate"
  }
}
