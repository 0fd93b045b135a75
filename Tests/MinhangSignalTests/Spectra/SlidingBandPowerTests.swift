import MinhangCore
import Testing

@testable import MinhangSignal

struct SlidingBandPowerTests {
  static let bands: [ClosedRange<Double>] = [4...8, 8...13, 13...30]

  @Test(arguments: [(50, 10), (50, 50), (30, 77), (64, 1)])
  func `windows have the same bits for any cutting`(length: Int, step: Int) throws {
    let signal = TestSignals.drifting(channels: 9, samples: 400)
    let whole = try windows(of: [signal], length: length, step: step)
    #expect(whole.map(\.firstSample) == Array(stride(from: 0, through: 400 - length, by: step)))
    for cuts in TestSignals.cuttings(of: 400) {
      #expect(try windows(of: cuts.map { TestSignals.cut(signal, $0) }, length: length, step: step) == whole)
    }
    let alone = try windows(of: [TestSignals.channel(5, of: signal)], length: length, step: step)
    #expect(alone.map(\.values) == whole.map { Array($0.values[15..<18]) })
  }

  @Test func `each window is the band power of its own periodogram`() throws {
    let signal = TestSignals.drifting(channels: 2, samples: 300)
    for scale in BandPowerScale.allCases {
      for window in try windows(of: [signal], length: 100, step: 40, scale: scale) {
        var estimator = try WelchEstimator(sampleRate: 100, channelCount: 2, windowLength: 100, overlap: 0)
        estimator.add(TestSignals.cut(signal, window.firstSample..<(window.firstSample + 100)))
        let spectrum = estimator.spectrum()
        for c in 0..<2 {
          for b in 0..<3 { #expect(window[channel: c, band: b] == spectrum.bandPower(Self.bands[b], channel: c, scale: scale)) }
        }
      }
    }
  }

  @Test func `no window spans a gap, and each knows its segment`() throws {
    let first = TestSignals.cut(TestSignals.drifting(channels: 1, samples: 300), 0..<130)
    var second = TestSignals.cut(TestSignals.drifting(channels: 1, samples: 300), 130..<300)
    second.segment = 1
    let windows = try windows(of: [first, second], length: 50, step: 50)
    #expect(windows.map(\.firstSample) == [0, 50, 130, 180, 230])
    #expect(windows.map(\.segment) == [0, 0, 1, 1, 1])
    #expect(windows.allSatisfy { $0.sampleCount == 50 })
  }

  @Test func `impossible settings are refused`() {
    for (channels, length, step) in [(0, 10, 5), (1, 1, 5), (1, 10, 0), (1, -4, 3), (1, 10, .max), (.max, 10, 5), (1 << 20, 1 << 20, 5)] {
      #expect(throws: SignalError.self) {
        try SlidingBandPower(sampleRate: 100, channelCount: channels, bands: Self.bands, windowLength: length, step: step)
      }
    }
  }

  private func windows(
    of blocks: [SignalBlock], length: Int, step: Int, scale: BandPowerScale = .absolute
  ) throws -> [BandPowerWindow] {
    var course = try SlidingBandPower(
      sampleRate: 100, channelCount: blocks[0].channelCount, bands: Self.bands, windowLength: length, step: step, scale: scale)
    return blocks.flatMap { course.add($0) }
  }
}
