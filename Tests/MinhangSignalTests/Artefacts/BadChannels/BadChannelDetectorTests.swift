import MinhangCore
import Testing

@testable import MinhangSignal

struct BadChannelDetectorTests {
  private static let rate = 250.0
  private static let count = 5000

  private static func channels(_ count: Int, rate: Double = rate) -> [Channel] {
    (0..<count).map { Channel(index: $0, name: "E\($0)", sampleRate: rate) }
  }

  /// Nine channels that share sources below 30 Hz, twenty seconds.
  private static let clean: [[Double]] = {
    let shared = (0..<3).map { SharedSignals.smoothed(SharedSignals.noise(20 + $0, count), 0.9) }
    return (0..<9).map { c in
      let own = SharedSignals.noise(40 + c, count)
      let weights = [5.0 + 0.3 * Double(c % 4), 3 - 0.2 * Double(c % 3), 2 + 0.1 * Double(c)]
      return (0..<count).map { i in own[i] + weights[0] * shared[0][i] + weights[1] * shared[1][i] + weights[2] * shared[2][i] + 100 }
    }
  }()

  /// One defect in each of six channels.
  private static let spoilt: SignalBlock = {
    var rows = clean
    let noise = (0..<2).map { SharedSignals.noise(90 + $0, count) }
    for i in 1000..<2000 { rows[0][i] = 7 }
    for i in 0..<count {
      rows[1][i] = 100 + 20 * (rows[1][i] - 100)
      rows[2][i] += 60 * noise[0][i] * (i % 2 == 0 ? 1 : -1)
      rows[3][i] = 20 * slowNoise(noise[1], i)
      rows[4][i] += 60 * sine(i, frequency: 50, rate: rate)
    }
    for i in stride(from: 100, to: 1600, by: 130) { rows[5][i] = .nan }
    return SharedSignals.block(rows)
  }()

  /// A mean over eleven samples: noise of its own below some 20 Hz.
  private static func slowNoise(_ values: [Double], _ index: Int) -> Double {
    (max(0, index - 10)...index).reduce(0.0) { $0 + values[$1] } / 3.3
  }

  private static func detector(_ channels: Int, line: Double? = 50) throws -> BadChannelDetector {
    try BadChannelDetector(channels: Self.channels(channels), lineFrequency: line)
  }

  @Test func `clean channels are good`() throws {
    var detector = try Self.detector(9)
    #expect(detector.findings().isEmpty)
    detector.add(SharedSignals.block(Self.clean))
    #expect(detector.windowCount == 20)
    #expect(detector.findings().map(\.message) == [] && detector.badChannels().isEmpty)
  }

  /// Rows of one slow source each, with a little noise of their own.
  private static func groups(_ groups: [Int]) -> [[Double]] {
    groups.enumerated().map { c, group in
      let (source, own) = (SharedSignals.smoothed(SharedSignals.noise(500 + group, count), 0.9), SharedSignals.noise(600 + c, count))
      return (0..<count).map { 20 * source[$0] + own[$0] }
    }
  }

  @Test func `a channel that is like a single other one is good`() throws {
    var detector = try Self.detector(6, line: nil)
    detector.add(SharedSignals.block(Self.groups([0, 0, 1, 1, 1, 1])))
    #expect(!detector.findings().contains { $0.criterion == .correlation })
  }

  @Test func `the part of windows like no other is of those compared`() throws {
    var rows = Self.groups([0, 1, 1, 1, 1])
    for i in 0..<(Self.count / 2) { rows[0][i] = 7 }
    var detector = try Self.detector(5, line: nil)
    detector.add(SharedSignals.block(rows))
    // Ten windows are flat; of the other ten at most one may be like a neighbour by chance.
    let value = try #require(detector.findings().first { $0.channel == 0 && $0.criterion == .correlation }?.value)
    #expect(value >= 0.9)
  }

  @Test func `two channels are not compared, and four have no scores`() throws {
    var pair = try Self.detector(2, line: nil)
    pair.add(SharedSignals.block(Self.groups([0, 1])))
    #expect(pair.findings().isEmpty)
    var rows = Self.groups([0, 0, 0, 0])
    rows[3] = rows[3].map { 50 * $0 }
    var four = try Self.detector(4, line: nil)
    four.add(SharedSignals.block(rows))
    #expect(four.findings().isEmpty)
  }

  @Test func `what is held in place of values that are not finite does not cross a gap`() throws {
    // The last sample before the gap lies in no whole window: it may show only if it is held across the gap.
    func findings(last: Double) throws -> [BadChannelFinding] {
      var thresholds = BadChannelThresholds()
      thresholds.deviationScore = 0
      thresholds.noiseScore = 0
      var detector = try BadChannelDetector(channels: Self.channels(9), lineFrequency: nil, thresholds: thresholds)
      var first = TestSignals.cut(SharedSignals.block(Self.clean), 0..<1251)
      for c in 0..<9 where c % 2 == 0 { first[channel: c, sample: 1250] = last }
      var second = TestSignals.cut(SharedSignals.block(Self.clean), 1251..<2501)
      second.segment = 1
      for c in 0..<9 { second[channel: c, sample: 0] = .nan }
      detector.add(first)
      detector.add(second)
      return detector.findings()
    }
    #expect(try findings(last: 1e9) == findings(last: 100))
  }

  @Test func `each defect is found by its criterion, with its number`() throws {
    var detector = try Self.detector(9)
    detector.add(Self.spoilt)
    let findings = detector.findings()
    func found(_ channel: Int) -> [BadChannelCriterion] { findings.filter { $0.channel == channel }.map(\.criterion) }
    func value(_ channel: Int, _ criterion: BadChannelCriterion) -> Double {
      findings.first { $0.channel == channel && $0.criterion == criterion }?.value ?? .nan
    }
    #expect(found(0) == [.flat])
    // Windows 4 … 7 of 20.
    #expect(value(0, .flat) == 0.2)
    #expect(found(1).contains(.deviation))
    #expect(found(2).contains(.highFrequencyNoise))
    #expect(found(3).contains(.correlation) && value(3, .correlation) > 0.9)
    #expect(found(4).contains(.lineNoise) && value(4, .lineNoise) > 3)
    #expect(found(5) == [.nonFinite])
    // NaN at 100, 230, …, 1530: in every window from 0 to 6.
    #expect(value(5, .nonFinite) == 0.35)
    #expect(found(6).isEmpty && found(7).isEmpty && found(8).isEmpty)
    #expect(detector.badChannels() == [0, 1, 2, 3, 4, 5])
    #expect(findings[0].message == "channel \"E0\": flat in a part of 0.2 of the windows; at most 0.1")
  }

  @Test func `the deviation is the robust score of the amplitudes, too small as well as too large`() throws {
    for (factor, expected) in [(20.0, [3]), (0.02, [3])] {
      var rows = Self.clean
      rows[3] = rows[3].map { factor * ($0 - 100) }
      var detector = try Self.detector(9, line: nil)
      detector.add(SharedSignals.block(rows.map { Array($0.prefix(1500)) }))
      let deviating = detector.findings().filter { $0.criterion == .deviation }
      #expect(deviating.map(\.channel) == expected)
      // The clean amplitudes spread by some 5 %: a score of hundreds for twenty times, of tens for next to nothing.
      #expect(deviating.allSatisfy { $0.value > (factor > 1 ? 100 : 8) })
    }
  }

  @Test func `findings do not depend on how the signal is cut`() throws {
    let signal = TestSignals.cut(Self.spoilt, 0..<1600)
    var whole = try Self.detector(9)
    whole.add(signal)
    #expect(!whole.findings().isEmpty)
    for cuts in [7, 32, 999].map({ size in stride(from: 0, to: 1600, by: size).map { $0..<min($0 + size, 1600) } }) {
      var detector = try Self.detector(9)
      for range in cuts { detector.add(TestSignals.cut(signal, range)) }
      #expect(detector.findings() == whole.findings())
    }
  }

  @Test func `windows do not span a gap`() throws {
    var detector = try Self.detector(9, line: nil)
    var second = TestSignals.cut(Self.spoilt, 300..<700)
    second.segment = 1
    detector.add(TestSignals.cut(Self.spoilt, 0..<300))
    detector.add(second)
    #expect(detector.windowCount == 2)
  }

  @Test func `few channels are not compared`() throws {
    var detector = try Self.detector(2, line: nil)
    detector.add(SharedSignals.block(Array(Self.clean.prefix(2)).enumerated().map { k, row in row.map { k == 0 ? $0 : 50 * $0 } }))
    #expect(detector.findings().isEmpty)
  }

  @Test func `rates, lines and windows that do not fit are refused`() {
    #expect(throws: SignalError.self) { try BadChannelDetector(channels: []) }
    #expect(throws: SignalError.self) { try BadChannelDetector(channels: Self.channels(2, rate: 3)) }
    #expect(throws: SignalError.self) { try BadChannelDetector(channels: Self.channels(2, rate: 100), lineFrequency: 50) }
    #expect(throws: SignalError.self) { try BadChannelDetector(channels: Self.channels(1) + Self.channels(1, rate: 500)) }
    var thresholds = BadChannelThresholds()
    thresholds.windowDuration = 0.01
    #expect(throws: SignalError.self) { try BadChannelDetector(channels: Self.channels(2), thresholds: thresholds) }
  }
}
