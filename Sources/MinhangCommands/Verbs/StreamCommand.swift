import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang stream`: decode what comes in, as it comes in.
struct StreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Decode a live source: a recording played back, or raw frames on standard input. JSON Lines.",
    discussion: """
      minhang stream run.edf --model model.minhang --speed 1
      device | minhang stream - --model model.minhang --rate 250 --frame-channels C3,Cz,C4 --format float32

      Raw frames hold one little-endian value a channel. Without --rate and --frame-channels the first line of the input describes them:
      {"sampling_rate":250,"channels":["C3","Cz","C4"],"format":"float32","unit":"uV"}
      """)

  @Argument(help: "A recording, or - for raw frames on standard input.")
  var source: String
  @Option(help: "Pace of a recording: 1 is real time, X is X times as fast, max as fast as it goes.")
  var speed = "1"
  @Option(help: "Frames: samples a second, Hz.")
  var rate: Double?
  @Option(help: "Frames: names of the channels, in order, separated by commas.")
  var frameChannels: String?
  @Option(help: "Frames: int16, int24, int32, float32 or float64.")
  var format = "float32"
  @Option(help: "Frames: unit of a value times --scale.")
  var unit = "uV"
  @Option(help: "Frames: units in one step of a value.")
  var scale = 1.0
  @OptionGroup var options: StreamOptions
  @Option(help: "Take only this stretch of a recording, START:END in seconds; either side may be empty.")
  var crop: TimeRange?
  @OptionGroup var work: WorkOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard ReplaySpeed(speed) != nil else {
      throw ValidationError("--speed is \(speed.quotedForDisplay()); expected max, or a number from 0.001 to 1000000")
    }
    guard FrameFormat.SampleType(rawValue: format) != nil else {
      throw ValidationError("--format is \(format.quotedForDisplay()); expected one of \(FrameFormat.sampleTypeNames)")
    }
    guard (rate == nil) == (frameChannels == nil) else { throw ValidationError("--rate and --frame-channels describe raw frames together") }
    if source != "-" && rate != nil { throw ValidationError("--rate and --frame-channels describe raw frames; the source is a file") }
    for scheme in ["lsl:", "tcp:", "brainflow:"] where source.hasPrefix(scheme) {
      throw ValidationError("source \(source.quotedForDisplay()): \(scheme) sources are not built yet; expected a recording or -")
    }
  }

  func run() async throws {
    let console = Console(report)
    if source == "-" {
      try await StreamRun.standardInput(format: try frameFormat(), options: options, threads: work.threads, console: console)
    } else {
      try await StreamRun.file(
        source, options: options, crop: crop, speed: ReplaySpeed(speed)!, threads: work.threads, console: console)
    }
    try console.finish()
  }

  private func frameFormat() throws -> FrameFormat {
    guard let rate, let frameChannels else { return try FrameFormat(json: try Self.firstLine()) }
    return try FrameFormat(
      sampleType: FrameFormat.SampleType(rawValue: format)!,
      channels: frameChannels.split(separator: ",").map { String($0).trimmingSpaces },
      sampleRate: rate, unit: PhysicalUnit(unit), scale: scale)
  }

  /// The first line of standard input, read byte by byte so that the frames after it stay unread.
  private static func firstLine() throws -> Data {
    var line = Data()
    var byte: UInt8 = 0
    while line.count < 1 << 20 {
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 1 && byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else if count == 1 || count == 0 {
        return line
      } else if errno != EINTR {
        throw CommandFailure(.inputOutput, "-: standard input cannot be read: \(String(cString: strerror(errno)))")
      }
    }
    throw CommandFailure(
      .badData, "-: the first line has more than 1048576 bytes; expected a JSON description of the frames, or --rate and --frame-channels")
  }
}
