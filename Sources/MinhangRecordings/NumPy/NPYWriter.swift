import MinhangCore

/// Writes channels as one NumPy array `[channels × samples]` of 64-bit floats in C order, µV for voltages.
///
/// Blocks may come in any order and with any choice of channels; nothing but the block is held in memory. The file appears under its name
/// only when `finish()` has succeeded. Rate, channels, segments and events stand in a sidecar, `FILE.npy.json`.
///
/// **Source:** NumPy, "A simple file format for NumPy arrays" (NEP 1), version 1.0.
public final class NPYWriter: RecordingWriter {
  private let file: AtomicFile
  private let sidecar: AtomicFile
  private let description: JSONValue
  private let losses: [String]
  private let channelCount: Int
  private let sampleCount: Int
  private let headerBytes: Int
  private var written: Int = 0

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - content: The channels are the rows of the array; all of one timeline.
  /// - Throws: `notRepresentable` for channels of several rates or clocks or a size beyond counting, `wouldOverwrite`, `cannotCreate`,
  ///   `inputOutput`.
  public init(_ target: WritingTarget, content: RecordingContent) throws(RecordingError) {
    let path = target.path
    let timeline = try content.onlyTimeline(for: path)
    let channelCount = content.channels.count
    let sampleCount = timeline.sampleCount
    let (values, overflow) = channelCount.multipliedReportingOverflow(by: sampleCount)
    guard channelCount >= 0, sampleCount >= 0, !overflow, values < Int.max / 16 else {
      throw RecordingError(.notRepresentable, path: path, "an array of \(channelCount) × \(sampleCount) values is beyond counting")
    }
    sidecar = try AtomicFile(path: RecordingSidecar.path(beside: path), replacing: target.isReplacing, inputs: target.inputs)
    file = try AtomicFile(path: path, replacing: target.isReplacing, inputs: target.inputs)
    description = RecordingSidecar.description(content, timeline: timeline, file: path)
    losses = content.losses(of: RecordingSidecar.missing)
    self.channelCount = channelCount
    self.sampleCount = sampleCount
    // The data begin at a multiple of 64 bytes; the header ends with a line break.
    let words = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(channelCount), \(sampleCount)), }"
    let length = (10 + words.utf8.count + 1 + 63) / 64 * 64 - 10
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    header += Array(words.utf8) + [UInt8](repeating: 0x20, count: length - words.utf8.count - 1) + [0x0A]
    headerBytes = header.count
    try file.append(header)
  }

  /// Writes a block.
  ///
  /// - Parameters:
  ///   - block: Its `firstSample` is the column of its first sample.
  ///   - rows: For each channel of the block the row of the array.
  /// - Throws: `inputOutput`.
  public func write(_ block: SignalBlock, to rows: [Int]) throws(RecordingError) {
    precondition(rows.count == block.channelCount, "\(block.channelCount) channels for \(rows.count) rows")
    precondition(
      block.firstSample >= 0 && block.sampleRange.upperBound <= sampleCount && rows.allSatisfy { (0..<channelCount).contains($0) },
      "samples \(block.sampleRange) of \(sampleCount)")
    for (channel, row) in rows.enumerated() {
      // Every platform of Swift is little-endian, as the file is.
      let place = headerBytes + (row * sampleCount + block.firstSample) * 8
      var failure: RecordingError?
      block.channel(channel).withUnsafeBytes { bytes in
        do throws(RecordingError) { try file.write(buffer: bytes, at: place) } catch { failure = error }
      }
      if let failure { throw failure }
    }
    written += rows.count * block.sampleCount
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `badRequest` if samples are missing, `inputOutput`, `wouldOverwrite`.
  @discardableResult public func finish() throws(RecordingError) -> WritingReport {
    guard written == channelCount * sampleCount else {
      throw RecordingError(
        .badRequest, path: file.path, "the array got \(written) of \(channelCount * sampleCount) values; expected all of them once")
    }
    try sidecar.append(description.prettyText + "\n")
    try file.commit()
    try sidecar.commit()
    var report = WritingReport(format: "NPY")
    report.losses = losses
    report.companions = [sidecar.path]
    return report
  }
}
