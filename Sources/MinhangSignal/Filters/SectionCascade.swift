import CMinhangKernels

/// The running form of a filter, shared by the causal and the zero-phase filter: coefficients as the kernel reads them, and a state for every
/// channel, eight channels side by side.
struct SectionCascade: Sendable {
  /// Channels in one group of the kernel.
  static let lanes = Int(MINHANG_LANES)

  private let coefficients: [Double]
  private let steadyState: SteadyState
  let sectionCount: Int
  private var state: [Double] = []
  private(set) var channelCount = 0

  init(_ filter: SectionedFilter) {
    coefficients = filter.sections.flatMap { [$0.b0, $0.b1, $0.b2, $0.a1, $0.a2] }
    steadyState = SteadyState(filter)
    sectionCount = filter.sections.count
  }

  private var stateOfGroup: Int { sectionCount * 2 * Self.lanes }

  /// Makes a zero state for a number of channels.
  mutating func allocate(channelCount: Int) {
    self.channelCount = channelCount
    let groups = (channelCount + Self.lanes - 1) / Self.lanes
    state = [Double](repeating: 0, count: groups * stateOfGroup)
  }

  /// Forgets the channels.
  mutating func deallocate() {
    channelCount = 0
    state = []
  }

  /// Sets a channel's state to the steady state of a constant input.
  mutating func settle(channel: Int, at level: Double) {
    let base = channel / Self.lanes * stateOfGroup + channel % Self.lanes
    for (i, settled) in steadyState.states.enumerated() {
      state[base + 2 * i * Self.lanes] = settled.first * level
      state[base + (2 * i + 1) * Self.lanes] = settled.second * level
    }
  }

  /// Runs the cascade in place over `count` samples of all channels, channel `c` starting at `c * stride`.
  mutating func run(_ samples: UnsafeMutablePointer<Double>, stride: Int, count: Int, backward: Bool = false) {
    guard count > 0, sectionCount > 0 else { return }
    let (channels, sections, stateOfGroup) = (channelCount, sectionCount, stateOfGroup)
    coefficients.withUnsafeBufferPointer { coefficients in
      state.withUnsafeMutableBufferPointer { state in
        guard let coefficients = coefficients.baseAddress, let state = state.baseAddress else { return }
        for first in Swift.stride(from: 0, to: channels, by: Self.lanes) {
          minhang_filter_sections(
            samples + first * stride, stride, count, Int32(min(Self.lanes, channels - first)), backward ? 1 : 0, Int32(sections),
            coefficients, state + first / Self.lanes * stateOfGroup)
        }
      }
    }
  }
}
