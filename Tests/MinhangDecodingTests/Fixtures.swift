import MinhangCore

@testable import MinhangDecoding

/// Trials made of random sources, with a difference between the classes of a known size.
struct Fixtures {
  var channels = 6
  var samples = 120
  var classes = 2
  var runs = 3
  var trialsPerRun = 16
  /// Log-ratio of the source powers between the classes; 0: none.
  var effect = 1.0
  var seed: UInt64 = 1
  /// Seconds between cues.
  var interval = 8.0

  func epochs() -> Epochs {
    var generator = SeededGenerator(seed: seed)
    let mixing = (0..<(channels * channels)).map { _ in generator.nextNormal() }
    var trials: [SignalBlock] = []
    var labels: [Int] = []
    var origins: [TrialOrigin] = []
    for run in 0..<runs {
      var order = (0..<trialsPerRun).map { $0 % classes }
      generator.shuffle(&order)
      for (place, label) in order.enumerated() {
        let onset = 4 + interval * Double(place)
        let first = Int(onset * 100)
        var block = SignalBlock(channelCount: channels, sampleCount: samples, firstSample: first)
        for t in 0..<samples {
          for source in 0..<channels {
            // Source s is strong in class s.
            let gain = source == label ? Mathematics.exponential(effect / 2) : 1
            let value = gain * generator.nextNormal()
            for c in 0..<channels { block[channel: c, sample: t] += 10 * mixing[c * channels + source] * value }
          }
        }
        trials.append(block)
        labels.append(label)
        origins.append(
          TrialOrigin(
            file: "S\(100 + run / 3)R0\(run).edf", onset: onset, label: "T\(label)", run: run, subject: "S\(100 + run / 3)",
            samples: first..<(first + samples)))
      }
    }
    return Epochs(
      channels: (0..<channels).map { "C\($0)" }, sampleRate: 100, window: .standard, classes: (0..<classes).map { "class\($0)" },
      trials: trials, labels: labels, origins: origins)
  }
}
