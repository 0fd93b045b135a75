import MinhangBCI

extension Workload {
  /// Spectra beyond Welch's.
  static let spectraWorkloads: [Workload] = [
    Workload(name: "multitaper", summary: "densities of 16 × 5000 samples, bandwidth 4 Hz, the Slepian tapers computed anew in every run") {
      settings in
      let block = Shape.excerpt(channels: 16, samples: 5000)
      return {
        let estimator = try MultitaperEstimator(sampleRate: Shape.sampleRate, length: 5000, bandwidth: 4, threads: settings.threads)
        keep(try estimator.spectrum(of: block))
      }
    },
    Workload(name: "multitaper_design", summary: "the same with one design for all runs, as a program has that makes many spectra") {
      settings in
      let block = Shape.excerpt(channels: 16, samples: 5000)
      let estimator = try MultitaperEstimator(sampleRate: Shape.sampleRate, length: 5000, bandwidth: 4, threads: settings.threads)
      return { keep(try estimator.spectrum(of: block)) }
    },
  ]
}

extension Shape {
  /// Standard normal samples.
  static func excerpt(channels: Int, samples: Int) -> SignalBlock {
    var block = SignalBlock(channelCount: channels, sampleCount: samples)
    for channel in 0..<channels {
      var generator = SeededGenerator(seed: 0, stream: UInt64(channel))
      block.withUnsafeMutableStorage { values, stride in
        for i in 0..<samples { values[channel * stride + i] = generator.nextNormal() }
      }
    }
    return block
  }
}
