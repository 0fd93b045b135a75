import Foundation
import MinhangCore

/// Where the records of a stream go.
public protocol RecordSink {
  /// Takes one record.
  mutating func write(_ record: StreamRecord) throws(StreamingError)
  /// Makes all that was taken visible to the reader. Called after each block of samples.
  mutating func flush() throws(StreamingError)
}

/// Records as JSON Lines.
public struct JSONLinesSink: RecordSink {
  private let output: ([UInt8]) throws(StreamingError) -> Void
  private var pending: [UInt8] = []

  /// Makes a sink that hands whole lines to a function.
  public init(_ output: @escaping ([UInt8]) throws(StreamingError) -> Void) { self.output = output }

  /// Makes a sink on an open descriptor, which stays the caller's to close.
  public init(descriptor: Int32) {
    self.init { (bytes) throws(StreamingError) in
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          throw StreamingError(.inputOutput, "the stream cannot be written: \(String(cString: strerror(errno)))")
        }
      }
    }
  }

  /// Takes one record.
  public mutating func write(_ record: StreamRecord) throws(StreamingError) {
    pending.append(contentsOf: record.json.text.utf8)
    pending.append(UInt8(ascii: "\n"))
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Hands on all that was taken.
  public mutating func flush() throws(StreamingError) {
    guard !pending.isEmpty else { return }
    try output(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
