import MinhangBCI

extension Workload {
  /// What decoders do for each trial.
  static let decodingWorkloads: [Workload] = [
    Workload(name: "covariance", summary: "OAS covariances of 45 epochs of 64 × 480 samples") { settings in
      let (length, count) = (480, 45)
      let signal = Shape.block(samples: length * count)
      let epochs = (0..<count).map { epoch in
        let rows = (0..<Shape.channels).flatMap { signal.channel($0).dropFirst(epoch * length).prefix(length) }
        return SignalBlock(contiguous: rows, channelCount: Shape.channels)
      }
      var workspace = DecoderWorkspace()
      return {
        if settings.threads == 1 {
          for epoch in epochs { keep(CovarianceEstimator.oas.covariance(of: epoch, using: &workspace)) }
        } else {
          keep(
            concurrentMap(count: count, threads: settings.threads) { index in
              var workspace = DecoderWorkspace()
              return CovarianceEstimator.oas.covariance(of: epochs[index], using: &workspace)
            })
        }
      }
    }
  ]
}
