/// The sum of the last so many vectors, without drift: a ring of vectors as the leaves of a binary tree of sums.
///
/// A new vector replaces the oldest one, and the sums on its way to the root are made anew: `log2(steps)` additions of vectors, none of them a
/// subtraction. The order of the sums depends on the number of vectors since `clear()` alone.
struct StepRing: Sendable {
  let steps: Int
  let width: Int
  /// `[nodes × width]`: node `i` has the children `2i` and `2i + 1`, leaves from `leaves` on, the root is node 1.
  private var nodes: [Double]
  private let leaves: Int
  private var next = 0

  init(steps: Int, width: Int) {
    precondition(steps >= 1 && width >= 1, "a ring of \(steps) vectors of \(width)")
    self.steps = steps
    self.width = width
    leaves = steps
    // Any number of leaves makes a tree in this numbering, with every leaf below the root.
    nodes = [Double](repeating: 0, count: 2 * steps * width)
  }

  /// Forgets all vectors: all are zero.
  mutating func clear() {
    for i in nodes.indices { nodes[i] = 0 }
    next = 0
  }

  /// Takes a vector in the place of the oldest one, and sets it to zero.
  mutating func push(_ vector: inout [Double]) {
    let (width, leaf) = (width, leaves + next)
    next = (next + 1) % steps
    nodes.withUnsafeMutableBufferPointer { nodes in
      vector.withUnsafeMutableBufferPointer { vector in
        let base = nodes.baseAddress!
        (base + leaf * width).update(from: vector.baseAddress!, count: width)
        vector.update(repeating: 0)
        var node = leaf / 2
        while node >= 1 {
          let (sum, left, right) = (base + node * width, base + 2 * node * width, base + (2 * node + 1) * width)
          var i = 0
          while i + 8 <= width {
            let a = UnsafeRawPointer(left + i).loadUnaligned(as: SIMD8<Double>.self)
            let b = UnsafeRawPointer(right + i).loadUnaligned(as: SIMD8<Double>.self)
            UnsafeMutableRawPointer(sum + i).storeBytes(of: a + b, as: SIMD8<Double>.self)
            i += 8
          }
          while i < width {
            sum[i] = left[i] + right[i]
            i += 1
          }
          node /= 2
        }
      }
    }
  }

  /// Calls `body` with the sum of all vectors.
  func withSums<Result>(_ body: (UnsafePointer<Double>) -> Result) -> Result {
    nodes.withUnsafeBufferPointer { body($0.baseAddress! + width) }
  }
}
