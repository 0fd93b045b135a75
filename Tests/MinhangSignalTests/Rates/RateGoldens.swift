import MinhangCore

@testable import MinhangSignal

/// `Goldens/rates.json`, from `Goldens/make_rate_goldens.py`.
struct RateGoldens: Decodable {
  /// Some samples of an output.
  struct Kept: Decodable {
    let count: Int
    let at: [Int]
    let values: [Double]

    /// The largest difference from the only channel of a block, as a part of the largest magnitude kept; infinite for another length.
    func difference(from block: SignalBlock) -> Double {
      guard block.sampleCount == count, block.channelCount == 1 else { return .infinity }
      return scaledDifference(at.map { block[channel: 0, sample: $0] }, values)
    }
  }
  struct Polyphase: Decodable {
    let up: Int
    let down: Int
    let samples: Int
    let seed: Int
    let output: Kept
    let padding: String?
  }
  struct Fourier: Decodable {
    let samples: Int
    let count: Int
    let seed: Int
    let output: Kept
  }
  struct Decimated: Decodable {
    let factor: Int
    let order: Int?
    let samples: Int
    let seed: Int
    let zeroPhase: Kept
    let causal: Kept
  }
  let polyphase: [Polyphase]
  let padded: [Polyphase]
  let fourier: [Fourier]
  let recursive: [Decimated]
  let fir: [Decimated]

  /// The signal that the script makes by the same rule: whole-number noise around an offset.
  static func signal(_ count: Int, seed: Int) -> SignalBlock {
    var state = UInt32(seed)
    let values = (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return 40.0 + Double(state >> 8) / 0x1p18 - 32
    }
    return SignalBlock(contiguous: values, channelCount: 1)
  }
}
