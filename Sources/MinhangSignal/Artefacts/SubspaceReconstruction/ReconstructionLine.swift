import MinhangAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The delay line of a reconstruction: samples go in, come out `delay` later, and pass the reconstruction on the way out.
struct ReconstructionLine: Sendable {
  private struct Spoilt: Sendable {
    /// Samples until it comes out.
    var due: Int
    let channel: Int
    let value: Double
  }

  /// A reconstruction, in storage that stays.
  private struct Mixture: Sendable {
    var matrix: Matrix
    var isIdentity = true

    mutating func set(_ reconstruction: Matrix?) {
      isIdentity = reconstruction == nil
      if let reconstruction { matrix.copyElements(of: reconstruction) }
    }

    static func == (a: Mixture, b: Mixture) -> Bool {
      a.isIdentity || b.isIdentity ? a.isIdentity == b.isIdentity : a.matrix == b.matrix
    }
  }

  let channelCount: Int
  let interval: Int
  let delay: Int
  /// `[channels × capacity]`: the samples not yet out, and some older ones.
  private var history: [Double] = []
  private let capacity: Int
  private var isEmpty = true
  private var end = 0
  /// Place in `history` of the next sample to come out.
  private var next = 0
  /// Values that are not finite and have not come out yet, oldest first.
  private var spoilt: [Spoilt] = []
  private var lastFinite: [Double] = []
  /// `[channels × interval]`: the old reconstruction while it fades.
  private var scratch: [Double] = []
  /// The reconstructions before and after the fade.
  private var before: Mixture
  private var after: Mixture
  /// Whether the two differ.
  private var isTurning = false
  /// Samples that came out since the fade began.
  private var faded = 0
  private var turned = false
  /// Weight of the new reconstruction at each sample of a fade.
  private let fade: [Double]

  init(channelCount: Int, interval: Int, delay: Int) {
    self.channelCount = channelCount
    self.interval = interval
    self.delay = delay
    capacity = delay + 4 * interval
    before = Mixture(matrix: Matrix(rows: channelCount, columns: channelCount))
    after = before
    fade = (1...interval).map { (1 - cos(Double.pi * Double($0) / Double(interval))) / 2 }
  }

  mutating func reset() {
    isEmpty = true
    spoilt.removeAll(keepingCapacity: true)
    before.set(nil)
    after.set(nil)
    (isTurning, faded, turned) = (false, interval, false)
  }

  /// Begins with a delay line of zeros; the memory is taken the first time.
  private mutating func start() {
    isEmpty = false
    (end, next) = (delay, 0)
    if history.isEmpty {
      history = [Double](repeating: 0, count: channelCount * capacity)
      lastFinite = [Double](repeating: 0, count: channelCount)
      scratch = [Double](repeating: 0, count: channelCount * interval)
    } else {
      for i in history.indices { history[i] = 0 }
      for i in lastFinite.indices { lastFinite[i] = 0 }
    }
  }

  /// Takes up to `interval` samples of each channel.
  mutating func append(_ samples: UnsafePointer<Double>, stride: Int, count: Int) {
    if isEmpty { start() }
    history.withUnsafeMutableBufferPointer { history in
      if end + count > capacity {
        for c in 0..<channelCount {
          let row = history.baseAddress! + c * capacity
          row.update(from: row + next, count: end - next)
        }
        (end, next) = (end - next, 0)
      }
      for c in 0..<channelCount {
        let row = history.baseAddress! + c * capacity + end
        let source = samples + c * stride
        for i in 0..<count {
          if source[i].isFinite {
            lastFinite[c] = source[i]
          } else {
            spoilt.append(Spoilt(due: end + i - next, channel: c, value: source[i]))
          }
          row[i] = lastFinite[c]
        }
      }
    }
    end += count
  }

  /// Copies the last samples that went in.
  func copyLast(_ count: Int, into target: UnsafeMutablePointer<Double>, stride: Int) {
    history.withUnsafeBufferPointer { history in
      for c in 0..<channelCount {
        (target + c * stride).update(from: history.baseAddress! + c * capacity + end - count, count: count)
      }
    }
  }

  /// Begins a fade to another reconstruction, nil for the identity, with the next sample that comes out.
  mutating func turn(to reconstruction: Matrix?) {
    // With the longest delay no sample of the signal has come out before the first reconstruction: there is nothing to fade from.
    let isFirst = !turned && delay == interval - 1
    swap(&before, &after)
    after.set(reconstruction)
    if isFirst { before.set(reconstruction) }
    isTurning = !(before == after)
    turned = true
    faded = 0
  }

  /// Keeps the reconstruction for another interval.
  mutating func turnNowhere() {
    isTurning = false
    turned = true
    faded = 0
  }

  /// Lets samples come out.
  mutating func emit(_ count: Int, into target: UnsafeMutablePointer<Double>, stride: Int) {
    var done = 0
    while done < count {
      let fading = faded < interval && isTurning
      let piece = fading ? min(count - done, interval - faded) : count - done
      let output = target + done
      run(piece, isFading: fading, into: output, stride: stride)
      faded = min(faded + piece, interval)
      next += piece
      restore(into: output, stride: stride, count: piece)
      done += piece
    }
  }

  /// Lets the last `delay` samples come out.
  mutating func finish(into target: UnsafeMutablePointer<Double>, stride: Int) {
    emit(min(delay, end - next), into: target, stride: stride)
  }

  /// Puts values that were not finite back in their places.
  private mutating func restore(into target: UnsafeMutablePointer<Double>, stride: Int, count: Int) {
    guard !spoilt.isEmpty else { return }
    for item in spoilt where item.due < count { target[item.channel * stride + item.due] = item.value }
    spoilt.removeAll { $0.due < count }
    for i in spoilt.indices { spoilt[i].due -= count }
  }

  /// Reconstructs the next samples, up to `interval` of them while fading.
  private mutating func run(_ count: Int, isFading: Bool, into output: UnsafeMutablePointer<Double>, stride: Int) {
    let (channels, capacity, next, faded) = (channelCount, capacity, next, faded)
    scratch.withUnsafeMutableBufferPointer { old in
      history.withUnsafeBufferPointer { history in
        let input = history.baseAddress! + next
        Self.apply(after, to: input, capacity, into: output, stride, channels: channels, count: count)
        guard isFading else { return }
        let old = old.baseAddress!
        Self.apply(before, to: input, capacity, into: old, count, channels: channels, count: count)
        for c in 0..<channels {
          let row = output + c * stride
          for i in 0..<count { row[i] = fade[faded + i] * row[i] + (1 - fade[faded + i]) * old[c * count + i] }
        }
      }
    }
  }

  /// `output = matrix · input`, each sample's sum in the order of the channels.
  private static func apply(
    _ mixture: Mixture, to input: UnsafePointer<Double>, _ inputStride: Int, into output: UnsafeMutablePointer<Double>,
    _ outputStride: Int, channels: Int, count: Int
  ) {
    guard !mixture.isIdentity else {
      for c in 0..<channels { (output + c * outputStride).update(from: input + c * inputStride, count: count) }
      return
    }
    mixture.matrix.withUnsafeValues { weights in
      for r in 0..<channels {
        let row = output + r * outputStride
        row.update(repeating: 0, count: count)
        for c in 0..<channels {
          let weight = weights[r * channels + c]
          let source = input + c * inputStride
          for i in 0..<count { row[i] += weight * source[i] }
        }
      }
    }
  }
}
