import MinhangCore

@testable import MinhangSignal

/// The signals of `Goldens/make_artefact_goldens.py`, bit for bit: whole numbers, sums and products in a fixed order.
enum SharedSignals {
  private static func generator(_ seed: Int) -> () -> Double {
    var state = UInt64(seed) &* 7919 &+ 12345
    return {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) * 0x1p-31
    }
  }

  static func noise(_ seed: Int, _ count: Int) -> [Double] {
    let next = generator(seed)
    return (0..<count).map { _ in
      var total = 0.0
      for _ in 0..<4 { total += next() }
      return (total - 2.0) * 1.7320508075688772
    }
  }

  static func uniform(_ seed: Int, _ count: Int) -> [Double] {
    let next = generator(seed)
    return (0..<count).map { _ in next() - 0.5 }
  }

  static func smoothed(_ values: [Double], _ factor: Double) -> [Double] {
    var last = 0.0
    return values.map {
      last = factor * last + $0
      return last
    }
  }

  static func brain(_ seed: Int, _ channels: Int, _ count: Int) -> [[Double]] {
    let sources = (0..<channels).map { smoothed(noise(seed + $0, count), 0.5 + 0.08 * Double($0)) }
    return (0..<channels).map { c in
      var row = [Double](repeating: 0, count: count)
      for k in 0..<channels {
        let weight = c == k ? 8.0 : 2.4 / Double(1 + abs(c - k))
        for i in 0..<count { row[i] += weight * sources[k][i] }
      }
      return row
    }
  }

  struct Burst {
    let range: Range<Int>
    let amplitude: Double
    let offset: Int

    init(_ range: Range<Int>, _ amplitude: Double, _ offset: Int) {
      (self.range, self.amplitude, self.offset) = (range, amplitude, offset)
    }
  }

  static func add(_ bursts: [Burst], seed: Int, to signal: inout [[Double]]) {
    for (j, burst) in bursts.enumerated() {
      let values = noise(seed + j, burst.range.count)
      for c in signal.indices {
        let factor = burst.amplitude / Double(1 + (c + burst.offset) % signal.count)
        for (i, value) in zip(burst.range, values) { signal[c][i] += factor * value }
      }
    }
  }

  static func block(_ rows: [[Double]]) -> SignalBlock { SignalBlock(contiguous: rows.flatMap { $0 }, channelCount: rows.count) }

  /// Clean signal of 36 s with three stretches of artefacts, 6 channels, 250 Hz.
  static let calibration: SignalBlock = {
    var signal = brain(100, 6, 9000)
    add([Burst(700..<900, 400, 0), Burst(3000..<3300, 250, 2), Burst(6100..<6150, 600, 4)], seed: 200, to: &signal)
    return block(signal)
  }()

  /// Ten seconds of the same kind with artefacts.
  static let contaminated: SignalBlock = {
    var signal = brain(300, 6, 2500)
    add([Burst(600..<800, 300, 1), Burst(1500..<1560, 500, 3), Burst(2100..<2350, 150, 0)], seed: 400, to: &signal)
    return block(signal)
  }()
}

/// The difference of two signals at every `step`th sample, as a part of the largest expected magnitude.
func sampledDifference(_ signal: SignalBlock, every step: Int, _ expected: [Double]) -> Double {
  scaledDifference(
    (0..<signal.channelCount).flatMap { c in stride(from: 0, to: signal.sampleCount, by: step).map { signal[channel: c, sample: $0] } },
    expected)
}

func reportArtefactParity(_ function: String, _ reference: String, _ error: Double) { print("parity \(function) \(reference) \(error)") }

/// Reads a golden file; from here, so that the folder is found from tests at any depth.
func artefactGolden<Content: Decodable>(_ name: String) throws -> Content { try Golden.load(name) }
