import Foundation
import MinhangCore
import MinhangSignal

// Goals: nothing in a model file is believed before it is checked: sizes, checksums, digests, shapes, names, ranges. A file that does not pass
// gives one line that names the file and the entry.

extension DecoderModel {
  /// Reads a model from a file.
  ///
  /// - Throws: `DecodingError` `.unreadable`, `.invalidModel`.
  public init(path: String) throws(DecodingError) {
    let place = path.escapedForDisplay
    let attributes = try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    guard let attributes else { throw DecodingError(.unreadable, "\(place): there is no such file; expected a model") }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw DecodingError(.unreadable, "\(place): is no plain file; expected a model")
    }
    guard let size = attributes[.size] as? Int, size <= StoredArchive.largestSize else {
      throw DecodingError(.invalidModel, "\(place): is larger than \(StoredArchive.largestSize) bytes; expected a model")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DecodingError(.unreadable, "\(place): cannot be read; expected a readable file")
    }
    try self.init(bytes: Array(data), source: path)
  }

  /// Reads a model from the bytes of its file.
  ///
  /// - Parameters:
  ///   - bytes: The file's content.
  ///   - source: The file's name, for messages.
  /// - Throws: `DecodingError` `.invalidModel`.
  public init(bytes: [UInt8], source: String) throws(DecodingError) {
    do throws(DecodingError) {
      let archive = try StoredArchive(bytes: bytes)
      let document = try Self.document(archive)
      try self.init(document, archive: archive, source: source)
    } catch {
      let prefix = "\(source.escapedForDisplay): "
      throw DecodingError(.invalidModel, error.message.hasPrefix(prefix) ? error.message : prefix + error.message)
    }
  }

  private static func wrong(_ key: String, _ problem: String) -> DecodingError {
    DecodingError(.invalidModel, "entry \"model.json\", \(key): \(problem)")
  }

  private static func document(_ archive: StoredArchive) throws(DecodingError) -> ModelDocument {
    guard let json = archive["model.json"] else {
      throw DecodingError(.invalidModel, "entry \"model.json\" is missing; expected a model of schema \(ModelDocument.schema)")
    }
    guard json.count <= 64 << 20 else {
      throw DecodingError(.invalidModel, "entry \"model.json\" has \(json.count) bytes; expected at most 64 MiB")
    }
    struct Schema: Decodable { let schema: String? }
    do {
      let schema = try JSONDecoder().decode(Schema.self, from: Data(json)).schema ?? "none"
      guard schema == ModelDocument.schema else {
        throw wrong("schema", "is \(schema.quotedForDisplay()); expected \(ModelDocument.schema)")
      }
      return try JSONDecoder().decode(ModelDocument.self, from: Data(json))
    } catch let error as DecodingError {
      throw error
    } catch let error as Swift.DecodingError {
      throw wrong(error.path, error.problem)
    } catch {
      throw DecodingError(.invalidModel, "entry \"model.json\" is not JSON")
    }
  }

  private init(_ document: ModelDocument, archive: StoredArchive, source: String) throws(DecodingError) {
    let pipeline = try Pipeline(yaml: document.pipeline.yaml, source: "entry \"model.json\", pipeline")
    guard !document.channels.isEmpty, document.channels.count <= 65_536,
      Set(document.channels.map(ChannelName.key)).count == document.channels.count
    else { throw Self.wrong("channels", "\(document.channels.count) names, empty or not unique; expected the name of each channel once") }
    guard SamplingRate.isUsable(document.samplingRate) else {
      throw Self.wrong("sampling_rate", "is \(document.samplingRate); expected \(SamplingRate.expected)")
    }
    let classMap = try ClassMap(document.classes.map { ClassMap.Entry(name: $0.name, labels: $0.labels) })
    let window = try TrialWindow(start: document.window.start, stop: document.window.stop)
    guard window.samples(at: document.samplingRate).count == document.window.samples, document.window.samples > 0 else {
      throw Self.wrong(
        "window",
        "\(document.window.samples) samples; expected \(window.samples(at: document.samplingRate).count) for \(window) s at the model's rate"
      )
    }
    let filters = try Self.filters(document, pipeline)
    let decoder = try Self.decoder(document, pipeline, archive, classes: classMap.names)
    _ = try pipeline.chain(filters: filters, channels: document.channels)
    self.init(
      pipeline: pipeline, channels: document.channels, sampleRate: document.samplingRate, classMap: classMap, window: window,
      filters: filters, decoder: decoder, document: document)
  }

  private static func filters(_ document: ModelDocument, _ pipeline: Pipeline) throws(DecodingError) -> [SectionedFilter?] {
    var filters: [SectionedFilter?] = []
    var used = 0
    for (index, step) in pipeline.preprocess.enumerated() {
      switch step {
      case .averageReference, .reference: filters.append(nil)
      case .butterworth, .notch:
        guard let record = document.filters.first(where: { $0.stage == index }) else {
          throw wrong("filters", "none for stage \(index) (\(step.key)); expected its sections")
        }
        used += 1
        filters.append(SectionedFilter(sections: try sections(record), sampleRate: document.samplingRate))
      }
    }
    guard used == document.filters.count else {
      throw wrong("filters", "\(document.filters.count) of them; expected \(used), one a filter stage")
    }
    return filters
  }

  private static func sections(_ record: ModelDocument.Filter) throws(DecodingError) -> [SecondOrderSection] {
    guard record.sections.count <= 1024 else { throw wrong("filters", "\(record.sections.count) sections; expected at most 1024") }
    var sections: [SecondOrderSection] = []
    for numbers in record.sections {
      guard numbers.count == 6, numbers.allSatisfy(\.isFinite), numbers[3] == 1 else {
        throw wrong("filters", "a section of stage \(record.stage) is not b0 b1 b2 1 a1 a2")
      }
      let section = SecondOrderSection(b0: numbers[0], b1: numbers[1], b2: numbers[2], a1: numbers[4], a2: numbers[5])
      guard section.isStable else {
        throw wrong("filters", "a section of stage \(record.stage) is not stable; expected poles inside the unit circle")
      }
      sections.append(section)
    }
    return sections
  }

  private static func decoder(
    _ document: ModelDocument, _ pipeline: Pipeline, _ archive: StoredArchive, classes: [String]
  ) throws(DecodingError) -> FittedDecoder {
    var arrays = [NamedArrays](repeating: NamedArrays(), count: pipeline.steps.count)
    var seen: Set<String> = []
    for record in document.arrays {
      guard seen.insert(record.name).inserted else { throw wrong("arrays", "\(record.name.quotedForDisplay()) comes twice") }
      guard let content = archive[record.file] else {
        throw wrong("arrays", "entry \(record.file.quotedForDisplay()) is missing in the file")
      }
      guard ContentDigest.sha256(of: content) == record.sha256 else {
        throw DecodingError(
          .invalidModel, "entry \(record.file.quotedForDisplay()) does not match its sha256; expected the bytes that were written")
      }
      let (shape, values) = try NPYArray.array(content, name: record.file)
      guard shape == record.shape else {
        throw wrong("arrays", "\(record.name.quotedForDisplay()) has shape \(shape); expected \(record.shape)")
      }
      let parts = record.name.split(separator: ".", maxSplits: 2).map(String.init)
      guard parts.count == 3, let step = Int(parts[0]), "\(step)" == parts[0], pipeline.steps.indices.contains(step),
        pipeline.steps[step].key == parts[1]
      else {
        throw wrong("arrays", "\(record.name.quotedForDisplay()) belongs to no step of the pipeline; expected STEP.KIND.NAME")
      }
      arrays[step].add(parts[2], shape: shape, values)
    }
    var shape = TrialShape.window(channels: document.channels.count, samples: document.window.samples)
    var steps: [any FittedStep] = []
    for (step, arrays) in zip(pipeline.steps, arrays) {
      let fitted = try step.step.restored(from: arrays)
      shape = try fitted.shape(for: shape)
      steps.append(fitted)
    }
    guard shape == .scores(classes: classes.count) else {
      throw wrong("arrays", "the decoder tells \(shape); expected \(classes.count) classes")
    }
    return FittedDecoder(
      pipeline: pipeline, classes: classes, channelCount: document.channels.count, sampleCount: document.window.samples, steps: steps)
  }
}

extension Swift.DecodingError {
  private var context: Context? {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context): context
    @unknown default: nil
    }
  }

  /// The place in the JSON, as keys joined by dots.
  fileprivate var path: String {
    let keys = (context?.codingPath ?? []).map { $0.intValue.map(String.init) ?? $0.stringValue.escapedForDisplay }
    if case .keyNotFound(let key, _) = self { return (keys + [key.stringValue]).joined(separator: ".") }
    return keys.isEmpty ? "the text" : keys.joined(separator: ".")
  }

  fileprivate var problem: String {
    switch self {
    case .keyNotFound: "is missing"
    case .typeMismatch, .valueNotFound: "is of the wrong type"
    default: "is not valid JSON"
    }
  }
}
