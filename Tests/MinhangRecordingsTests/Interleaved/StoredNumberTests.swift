import MinhangCore
import Testing

@testable import MinhangRecordings

struct StoredNumberTests {
  @Test(arguments: [StoredNumber.Kind.int16, .uint16, .int32, .float32, .float64], [false, true])
  func `four channels turned over together are those taken one by one, to the bit`(kind: StoredNumber.Kind, isBigEndian: Bool) {
    let number = StoredNumber(kind: kind, isBigEndian: isBigEndian)
    let (channels, frames) = (7, 23)
    let stride = channels * kind.byteCount
    var generator = SeededGenerator(seed: 3)
    // Any bits: infinite numbers and those that are none too.
    let bytes = (0..<(stride * frames)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let gains = SIMD4(0.5, -3, 1e-7, .pi)
    for count in 0...frames {
      for channel in 0...(channels - 4) {
        var (together, single) = ([Double](repeating: 7, count: 4 * frames), [Double](repeating: 7, count: 4 * frames))
        bytes.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress.map({ $0 + channel * kind.byteCount }) else { return }
          together.withUnsafeMutableBufferPointer {
            number.decodeFour(base, stride: stride, count: count, gains: gains, into: $0.baseAddress!, rowStride: frames)
          }
          single.withUnsafeMutableBufferPointer {
            for row in 0..<4 {
              number.decode(
                base + row * kind.byteCount, stride: stride, count: count, gain: gains[row], offset: 0,
                into: $0.baseAddress! + row * frames)
            }
          }
        }
        #expect(together.map(\.bitPattern) == single.map(\.bitPattern), "\(count) frames from channel \(channel)")
      }
    }
  }
}
