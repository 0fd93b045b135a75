import ArgumentParser
import Foundation
import MinhangBCI

/// What `decode` and `stream` have in common: the model, the pace of decisions, and where the lines go.
struct StreamOptions: ParsableArguments {
  @Option(name: [.customLong("model"), .customShort("m")], help: "The model file that `minhang train` wrote.")
  var model: String
  @Option(help: "Seconds from one decision to the next.")
  var step = 0.1
  @Option(help: "Samples of a block at most; the lines do not depend on it. Default 32.")
  var block: Int?
  @Option(name: .shortAndLong, help: "Write the lines to this file instead of standard output.")
  var output: String?
  @Flag(help: "Replace the output file if it exists.")
  var force = false
  @Flag(help: "Write a latency line (wall-clock times) before the summary.")
  var latency = false
  @Option(help: "The longest that a block may take, milliseconds; exit with status 82 if one takes longer.")
  var deadline: Double?

  func validate() throws {
    guard step > 0, step <= OnlineDecoder.longestStep else {
      throw ValidationError("--step is \(step); expected seconds above 0, at most \(JSONValue.decimal(OnlineDecoder.longestStep))")
    }
    if let block, block < 1 { throw ValidationError("--block is \(block); expected 1 or more samples") }
    if let deadline, !(deadline > 0) { throw ValidationError("--deadline is \(deadline); expected milliseconds above 0") }
  }

  var timing: DecodingSession.Timing { .init(isReported: latency, deadline: deadline.map { $0 / 1000 }) }
}

/// A model opened for decoding.
struct OpenedModel {
  var path: String
  var model: DecoderModel
  var digest: String

  init(path: String) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.noInput, "\(path): there is no such model file", hint: "make one with `minhang train FILE… -o \(path)`")
    }
    model = try DecoderModel(path: path)
    digest = try ContentDigest.sha256(ofFile: path)
  }

  /// The names of the files that the model was trained on, for people.
  var trainingFiles: String { model.training.files.map(\.name).joined(separator: ", ") }

  func header(source: String, digest sourceDigest: String?, step: Double, latency: Int) -> StreamHeader {
    StreamHeader(
      source: source, sourceDigest: sourceDigest, modelDigest: digest, pipeline: model.pipeline.name, sampleRate: model.sampleRate,
      channels: model.channels, classes: model.classes, window: model.window.duration, step: step, latency: latency)
  }
}

/// The decision stream as the verbs run it: one function for `decode` and `stream` (law 1: one path).
enum StreamRun {
  /// Plays a recording through a model.
  static func file(
    _ path: String, options: StreamOptions, crop: TimeRange?, speed: ReplaySpeed, threads: Int, console: Console
  ) async throws {
    let opened = try OpenedModel(path: options.model)
    let reader = try OpenedRecording.reader(path: path, console: console)
    let info = reader.recording
    // A dataset's folder stands for the one recording in it.
    let path = info.path
    let channels = try opened.model.channelIndices(in: info.channels, place: path)
    let timeline = info.timeline(of: channels[0])
    let samples = timeline.samples(from: crop?.start, to: crop?.end)

    var decoder = try decoder(opened.model, step: options.step, threads: threads)
    let events = try reader.events().filter { event in
      let place = timeline.sample(atTime: event.onset)
      return crop == nil || place.map { samples.contains($0) } ?? false
    }
    decoder.schedule(events.map { ScheduledEvent($0, on: timeline) })
    // At full speed large blocks cost least; live, small ones answer soonest.
    let blockSize = options.block ?? (speed == .maximum ? 4096 : 32)
    var source = FileSource(
      reader: reader, channels: channels, samples: samples, blockSize: blockSize, speed: speed, clock: ContinuousClock())
    console.explain("\(path): samples \(samples), blocks of \(blockSize), \(events.count) events; model trained on \(opened.trainingFiles)")
    var header = opened.header(
      source: path, digest: try ContentDigest.sha256(ofFile: path), step: options.step, latency: decoder.latency)
    header.sourceCompanions = try info.companions.map { .init(path: $0, digest: try ContentDigest.sha256(ofFile: $0)) }
    try await run(&source, &decoder, header: header, options: options, console: console)
  }

  /// Decodes raw frames from standard input.
  static func standardInput(format: FrameFormat, options: StreamOptions, threads: Int, console: Console) async throws {
    let opened = try OpenedModel(path: options.model)
    let described = format.channels.enumerated().map { index, name in
      Channel(index: index, name: ChannelName.cleaned(name), label: name, unit: format.unit, sampleRate: format.sampleRate)
    }
    let channels = try opened.model.channelIndices(in: described, place: "-")
    if format.unit.microvoltsPerUnit == nil {
      console.warn("-: the unit \(format.unit.symbol.quotedForDisplay()) is not a voltage; values are taken as they are")
    }
    var decoder = try decoder(opened.model, step: options.step, threads: threads)
    var source = FrameSource(descriptor: STDIN_FILENO, format: format, channels: channels, blockSize: options.block ?? 32)
    let header = opened.header(source: "-", digest: nil, step: options.step, latency: decoder.latency)
    try await run(&source, &decoder, header: header, options: options, console: console)
    if source.trailingBytes > 0 {
      console.warn("-: the last \(source.trailingBytes) bytes are not a whole frame of \(format.byteCount); left out")
    }
  }

  private static func decoder(_ model: DecoderModel, step: Double, threads: Int) throws -> OnlineDecoder {
    guard step * model.sampleRate >= 1 else {
      throw CommandFailure(
        .usage, "--step of \(step) s is less than one sample at \(model.sampleRate) Hz; expected \(1 / model.sampleRate) or more")
    }
    return try OnlineDecoder(model: model, step: step, threads: threads)
  }

  private static func run<Source: SignalSource>(
    _ source: inout Source, _ decoder: inout OnlineDecoder, header: StreamHeader, options: StreamOptions, console: Console
  ) async throws {
    let outcome: DecodingSession.Outcome
    if let path = options.output {
      let file = try AtomicFile(
        path: path, replacing: options.force, inputs: [header.source, options.model] + header.sourceCompanions.map(\.path))
      var sink = JSONLinesSink { (bytes) throws(StreamingError) in
        do throws(RecordingError) { try file.append(bytes) } catch { throw StreamingError(.inputOutput, error.description) }
      }
      outcome = try await DecodingSession.run(
        &source, decoder: &decoder, header: header, into: &sink, timing: options.timing, clock: ContinuousClock())
      try file.commit()
    } else {
      var sink = JSONLinesSink(descriptor: STDOUT_FILENO)
      outcome = try await DecodingSession.run(
        &source, decoder: &decoder, header: header, into: &sink, timing: options.timing, clock: ContinuousClock())
    }
    if outcome.summary.rejectedTrials > 0 {
      console.note("\(outcome.summary.rejectedTrials) trials not judged: a gap or an end of the recording breaks their window")
    }
    if outcome.deadlineMisses > 0 {
      throw CommandFailure(.deadlineMissed, "\(outcome.deadlineMisses) blocks took longer than the deadline of \(options.deadline ?? 0) ms")
    }
  }
}
