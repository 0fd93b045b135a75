import Foundation
import MinhangBCI

/// The process that opens mutated files, one seed after the other, until it is ended or something is found.
///
/// Before each seed its number goes into a file, so that whoever watches knows which seed ended the process.
struct Worker {
  /// Exit statuses besides those of signals.
  static let foundStatus: Int32 = 3

  /// Largest resident memory that no file may exceed, bytes.
  static let memoryLimit = 512 << 20
  /// Claimed samples for each byte that exists: no format stores 64 samples in a byte.
  static let samplesPerByte = 64

  let corpus: Corpus
  let folder: String
  let state: String

  /// Opens the files of all seeds from `first` on.
  ///
  /// - Returns: What was found, one line.
  func run(from first: UInt64) throws -> String {
    let note = open(state, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard note >= 0 else { throw FuzzError(description: "\(state) cannot be written") }
    var seed = first
    while true {
      var number = seed
      guard pwrite(note, &number, 8, 0) == 8 else { throw FuzzError(description: "\(state) cannot be written") }
      if let found = try examine(corpus.mutated(seed: seed)) { return found }
      seed &+= 1
    }
  }

  /// Opens one group and reads all of it; nil where all is well.
  func examine(_ group: Corpus.Group) throws -> String? {
    for (name, bytes) in group.members { try write(bytes, to: "\(folder)/\(name)") }
    let size = group.members.reduce(0) { $0 + $1.bytes.count }
    let isCompressed = group.members.contains { member in
      ([[0x1F, 0x8B], [0x50, 0x4B], Array("MATLAB".utf8)] as [[UInt8]]).contains { member.bytes.starts(with: $0) }
    }
    do {
      try readAll("\(folder)/\(group.opened)", byteCount: isCompressed ? size * 1032 : size)
    } catch let error as RecordingError {
      // A refusal is one line that may be shown, and names the file.
      let line = error.description
      if line.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return "error text with a control character" }
      if error.message.isEmpty { return "error without a text" }
    } catch let error as FuzzError {
      return error.description
    }
    let resident = Self.peakMemory
    return resident > Self.memoryLimit ? "memory: \(resident >> 20) MiB resident" : nil
  }

  private func readAll(_ path: String, byteCount: Int) throws {
    var reader = try Recording.open(path: path)
    let info = reader.recording
    for event in try reader.events() where !event.onset.isFinite || event.duration.map({ !$0.isFinite }) == true {
      throw FuzzError(description: "event at \(event.onset) for \(event.duration.map { "\($0)" } ?? "nil")")
    }
    for line in info.warnings.map(\.message) + info.notes.map(\.message)
    where line.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw FuzzError(description: "warning text with a control character")
    }
    var claimed = 0
    for channel in info.channels {
      let (sum, overflow) = claimed.addingReportingOverflow(channel.sampleCount)
      guard channel.sampleCount >= 0, !overflow else { throw FuzzError(description: "a channel of \(channel.sampleCount) samples") }
      claimed = sum
    }
    guard claimed / Self.samplesPerByte <= byteCount else {
      throw FuzzError(description: "\(claimed) samples claimed of \(byteCount) bytes")
    }
    // Channels that can be read together: one stream, one rate, one length.
    var groups: [[Int]] = []
    for channel in info.channels.indices {
      func isAlike(_ other: Int) -> Bool {
        let (a, b) = (info.channels[channel], info.channels[other])
        return a.stream == b.stream && a.sampleRate == b.sampleRate && a.sampleCount == b.sampleCount
      }
      if let place = groups.firstIndex(where: { isAlike($0[0]) }) { groups[place].append(channel) } else { groups.append([channel]) }
    }
    for group in groups {
      let count = info.channels[group[0]].sampleCount
      var seen = 0
      try reader.forEachBlock(of: group, blockSize: max(1, 65_536 / group.count)) { block in
        seen += block.sampleCount
        guard block.channelCount == group.count else { throw FuzzError(description: "\(block.channelCount) channels of \(group.count)") }
      }
      guard seen <= count else { throw FuzzError(description: "\(seen) samples read of \(count)") }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FuzzFailure(description: "\(path) cannot be written") }
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress! + done, bytes.count - done) }
      guard count > 0 else { throw FuzzFailure(description: "\(path) cannot be written") }
      done += count
    }
  }

  private static var peakMemory: Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #endif
  }
}

/// Something that a reader must not do.
struct FuzzError: Error, CustomStringConvertible { var description: String }

/// The fuzzing itself cannot go on.
struct FuzzFailure: Error, CustomStringConvertible { var description: String }
