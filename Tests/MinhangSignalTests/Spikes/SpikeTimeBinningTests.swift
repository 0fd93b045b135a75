import MinhangCore
import Testing

@testable import MinhangSignal

struct SpikeTimeBinningTests {
  private func trains(_ count: Int, seed: UInt64) -> SpikeTrains {
    var generator = SeededGenerator(seed: seed)
    let times = (0..<count).map { _ in Double(generator.nextInteger(below: 100_000)) / 10_000 - 0.5 }
    return SpikeTrains(units: ["a", "b", "c"], times: times, owners: (0..<count).map { _ in UInt32(generator.nextInteger(below: 3)) })
  }

  @Test(arguments: [0.02, 0.05, 0.1, 1.0 / 3, 0.0007, 2])
  func `counts are those of a histogram whose edges are multiples, for any cutting`(duration: Double) throws {
    let trains = trains(3000, seed: 7)
    let binning = try SpikeTimeBinning(binDuration: duration)
    let bins = try #require(binning.bins(of: trains))
    let whole = binning.counts(of: trains, in: bins)
    // The slow oracle: an edge belongs to the bin that it begins.
    for (k, bin) in bins.enumerated() where k.isMultiple(of: max(1, bins.count / 50)) {
      for unit in 0..<3 {
        let count = trains.times.indices.count {
          trains.owners[$0] == UInt32(unit) && trains.times[$0] >= Double(bin) * duration && trains.times[$0] < Double(bin + 1) * duration
        }
        #expect(whole[channel: unit, sample: k] == Double(count))
      }
    }
    #expect((0..<3).map { whole.channel($0).reduce(0, +) } == trains.counts.map(Double.init))
    for size in [1, 7, 64] {
      var next = bins.lowerBound
      while next < bins.upperBound, next < bins.lowerBound + 40 * size {
        let part = binning.counts(of: trains, in: next..<min(bins.upperBound, next + size))
        for unit in 0..<3 {
          #expect(
            part.channel(unit).elementsEqual((0..<part.sampleCount).map { whole[channel: unit, sample: next - bins.lowerBound + $0] }))
        }
        next += size
      }
    }
  }

  @Test func `edges, far times and wrong durations`() throws {
    let binning = try SpikeTimeBinning(binDuration: 0.1)
    // 0.3 / 0.1 is below 3 and 3 · 0.1 above 0.3: the edge decides.
    #expect(binning.bin(of: 0.3) == 2 && binning.bin(of: 3 * 0.1) == 3 && binning.bin(of: -0.0) == 0 && binning.bin(of: -0.05) == -1)
    #expect(binning.bin(of: 1e300) == nil && binning.bin(of: -.infinity) == nil)
    let unix = SpikeTrains(units: ["a"], times: [1_700_000_000.05, 1_700_000_001], owners: [0, 0])
    #expect(binning.bins(of: unix)?.count == 11)
    #expect(binning.bins(of: SpikeTrains(units: [], times: [], owners: [])) == 0..<0)
    for wrong in [0, -1, .nan, .infinity] { #expect(throws: SignalError.self) { try SpikeTimeBinning(binDuration: wrong) } }
  }
}
