import CMinhangKernels
import MinhangAlgebra

/// The running form of a filter, shared by the causal and the zero-phase filter: coefficients as the kernel reads them, and a state for every
/// channel, eight channels side by side.
struct SectionCascade: Sendable {
  /// Channels in one group of the kernel.
  static let lanes = Int(MINHANG_LANES)

  /// Values times sections below which starting a thread costs more than it saves: about 50 µs of work.
  private static let valuesWorthThreads = 400_000

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

  /// Makes a zero state for a number of channels; in the memory of the last one where that is enough.
  mutating func allocate(channelCount: Int) {
    self.channelCount = channelCount
    let groups = (channelCount + Self.lanes - 1) / Self.lanes
    state.removeAll(keepingCapacity: true)
    state.append(contentsOf: repeatElement(0, count: groups * stateOfGroup))
  }

  /// Sets the state to zero; the channels stay.
  mutating func clear() { for i in state.indices { state[i] = 0 } }

  /// Forgets the channels; the memory stays.
  mutating func deallocate() {
    channelCount = 0
    state.removeAll(keepingCapacity: true)
  }

  /// Sets a channel's state to the steady state of a constant input.
  mutating func settle(channel: Int, at level: Double) {
    let base = channel / Self.lanes * stateOfGroup + channel % Self.lanes
    for (i, settled) in steadyState.states.enumerated() {
      state[base + 2 * i * Self.lanes] = settled.first * level
      state[base + (2 * i + 1) * Self.lanes] = settled.second * level
    }
  }

  /// Runs the cascade over `count` samples of all channels and adds the squares of its output to `power`, one sum a channel.
  ///
  /// The samples stay as they are.
  ///
  /// - Parameter power: `[channels]`, with room for a multiple of eight.
  mutating func addPower(
    of samples: UnsafePointer<Double>, stride: Int, count: Int, to power: UnsafeMutablePointer<Double>, groups: Range<Int>
  ) {
    let (channels, sections, stateOfGroup) = (channelCount, sectionCount, stateOfGroup)
    coefficients.withUnsafeBufferPointer { coefficients in
      state.withUnsafeMutableBufferPointer { state in
        guard sections > 0, let weights = coefficients.baseAddress, let states = state.baseAddress else { return }
        for group in groups {
          let first = group * Self.lanes
          minhang_section_power(
            samples + first * stride, stride, count, Int32(min(Self.lanes, channels - first)), Int32(sections), weights,
            states + group * stateOfGroup, power + first)
        }
      }
    }
  }

  /// Runs the cascade in place over `count` samples of all channels, channel `c` starting at `c * stride`.
  ///
  /// Groups of channels are shared out over threads where there is enough to do; each group is computed by itself, so the bits are the same.
  mutating func run(
    _ samples: UnsafeMutablePointer<Double>, stride: Int, count: Int, backward: Bool = false, threads: Int = 1
  ) {
    guard count > 0, sectionCount > 0, channelCount > 0 else { return }
    let (channels, sections, stateOfGroup) = (channelCount, sectionCount, stateOfGroup)
    let isWorthThreads = channels * count * sections >= Self.valuesWorthThreads
    coefficients.withUnsafeBufferPointer { coefficients in
      state.withUnsafeMutableBufferPointer { state in
        let groups = (channels + Self.lanes - 1) / Self.lanes
        // No two groups touch the same samples or states.
        nonisolated(unsafe) let rows = samples
        nonisolated(unsafe) let states = state.baseAddress!
        nonisolated(unsafe) let weights = coefficients.baseAddress!
        @Sendable func run(_ group: Int) {
          let first = group * Self.lanes
          minhang_filter_sections(
            rows + first * stride, stride, count, Int32(min(Self.lanes, channels - first)), backward ? 1 : 0, Int32(sections),
            weights, states + group * stateOfGroup)
        }
        guard threads > 1, isWorthThreads else {
          for group in 0..<groups { run(group) }
          return
        }
        _ = concurrentMap(count: groups, threads: threads) { group in run(group) }
      }
    }
  }
}
