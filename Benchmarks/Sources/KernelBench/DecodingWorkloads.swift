import MinhangBCI

extension Workload {
  /// What decoders do for each trial.
  static let decodingWorkloads: [Workload] = [
    Workload(name: "covariance", summary: "OAS covariances of 45 epochs of 64 × 480 samples") { settings in
      let epochs = epochs()
      var workspace = DecoderWorkspace()
      return {
        if settings.threads == 1 {
          for epoch in epochs { keep(CovarianceEstimator.oas.covariance(of: epoch, using: &workspace)) }
        } else {
          keep(
            concurrentMap(count: epochs.count, threads: settings.threads) { index in
              var workspace = DecoderWorkspace()
              return CovarianceEstimator.oas.covariance(of: epochs[index], using: &workspace)
            })
        }
      }
    },
    Workload(name: "riemann_mean", summary: "affine-invariant mean of 45 OAS covariances of 64 × 64") { settings in
      var workspace = DecoderWorkspace()
      let matrices = epochs().map { CovarianceEstimator.oas.covariance(of: $0, using: &workspace) }
      return {
        let mean = try RiemannianMean(of: matrices, threads: settings.threads)
        guard mean.converged else { throw BenchmarkError(description: "no convergence in \(mean.iterations) iterations") }
        keep(mean)
      }
    },
  ]

  /// 45 epochs of 64 × 480 samples.
  private static func epochs() -> [SignalBlock] {
    let (length, count) = (480, 45)
    let signal = Shape.block(samples: length * count)
    return (0..<count).map { epoch in
      let rows = (0..<Shape.channels).flatMap { signal.channel($0).dropFirst(epoch * length).prefix(length) }
      return SignalBlock(contiguous: rows, channelCount: Shape.channels)
    }
  }
}
