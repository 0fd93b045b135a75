import MinhangCore
import Testing

@testable import MinhangSignal

struct EpochRejectionTests {
  private struct Goldens: Decodable { let dropped: [[String]] }

  @Test func `the drop log equals MNE's`() throws {
    let golden: Goldens = try artefactGolden("artefact-rejection.json")
    var rows = SharedSignals.brain(600, 5, 4000)
    SharedSignals.add([.init(450..<480, 200, 0), .init(1700..<1790, 90, 3), .init(3333..<3340, 400, 1)], seed: 610, to: &rows)
    for i in 2000..<2200 { rows[2][i] = 5 }
    for i in 2600..<2800 { rows[4][i] *= 1e-3 }
    let signal = SharedSignals.block(rows)
    let rejection = EpochRejection(
      names: ["A", "B", "C", "D", "E"],
      limits: Array(repeating: RejectionLimits(maximumPeakToPeak: 150, minimumPeakToPeak: 1), count: 5))
    var log = DropLog()
    for e in 0..<20 { log.add(rejection.findings(in: TestSignals.cut(signal, (200 * e)..<(200 * e + 200)))) }
    #expect(log.entries.map { $0.map(\.name) } == golden.dropped.map { $0.sorted() })
    #expect(log.kept == golden.dropped.indices.filter { golden.dropped[$0].isEmpty })
    #expect(log.rejectedCount == golden.dropped.count { !$0.isEmpty })
    #expect(log.entries[10].map(\.reason) == [.flat])
    reportArtefactParity("EpochRejection", "mne.Epochs.drop_log", 0)
  }

  private static func rejection(_ limits: RejectionLimits) -> EpochRejection {
    EpochRejection(names: ["Cz", "Pz"], limits: [limits, limits])
  }

  @Test func `each reason is named with its number and its limit`() {
    var epoch = SignalBlock(channelCount: 2, sampleCount: 5)
    for (i, value) in [0.0, 10, 40, 35, 30].enumerated() { epoch[channel: 0, sample: i] = value }
    let found = Self.rejection(RejectionLimits(maximumPeakToPeak: 39, minimumPeakToPeak: 0.5, maximumGradient: 29)).findings(in: epoch)
    #expect(found.map(\.reason) == [.peakToPeak, .gradient, .flat])
    #expect(found.map(\.value) == [40, 30, 0] && found.map(\.limit) == [39, 29, 0.5])
    #expect(found[0].message == "channel \"Cz\": peak to peak 40.0 \u{B5}V; at most 39.0 \u{B5}V")
    // A limit is what is still allowed.
    let limits = RejectionLimits(maximumPeakToPeak: 40, minimumPeakToPeak: 0, maximumGradient: 30)
    #expect(Self.rejection(limits).findings(in: epoch).isEmpty)
    #expect(Self.rejection(RejectionLimits()).findings(in: epoch).isEmpty)
  }

  @Test func `samples that are not finite reject, in their channel only`() {
    var epoch = SignalBlock(channelCount: 2, sampleCount: 5)
    epoch[channel: 1, sample: 2] = .nan
    let found = Self.rejection(RejectionLimits()).findings(in: epoch)
    #expect(found.map(\.reason) == [.nonFinite] && found.map(\.channel) == [1] && found.map(\.value) == [1])
    let ignoring = EpochRejection(names: ["Cz", "Pz"], limits: [RejectionLimits(), nil])
    #expect(ignoring.findings(in: epoch).isEmpty)
    #expect(Self.rejection(RejectionLimits()).findings(in: SignalBlock(channelCount: 2, sampleCount: 0)).isEmpty)
  }

  @Test func `the log counts reasons by channel, most first`() {
    var log = DropLog()
    func finding(_ channel: Int, _ reason: RejectionReason) -> RejectionFinding {
      RejectionFinding(channel: channel, name: "c\(channel)", reason: reason, value: 1, limit: 0)
    }
    let isKept = [log.add([]), log.add([finding(1, .flat), finding(0, .gradient)])]
    #expect(isKept == [true, false])
    log.add([finding(1, .flat)])
    log.add([finding(0, .peakToPeak)])
    #expect(log.tallies().map { "\($0.name) \($0.reason) \($0.count)" } == ["c1 flat 2", "c0 peakToPeak 1", "c0 gradient 1"])
    #expect(log.kept == [0] && log.rejectedCount == 3)
  }

  @Test func `only the chosen kinds of channels are looked at`() {
    let channels = [Channel(index: 0, name: "Cz", sampleRate: 250), Channel(index: 1, name: "EOG", kind: .eog, sampleRate: 250)]
    let rejection = EpochRejection(channels: channels, limits: RejectionLimits(minimumPeakToPeak: 1))
    #expect(rejection.findings(in: SignalBlock(channelCount: 2, sampleCount: 9)).map(\.name) == ["Cz"])
  }
}
