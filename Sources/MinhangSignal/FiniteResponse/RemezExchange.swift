#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The best approximation of gains on a grid by a sum of cosines: at one frequency more than there are cosines the error is the largest, with
/// alternating sign.
///
/// **Source:** Remez 1934; Parks & McClellan 1972: the approximation is kept as its values at the extremal frequencies and evaluated by
/// Lagrange's formula in barycentric form; Berrut & Trefethen 2004, SIAM Rev. 46:501.
struct RemezExchange {
  private let grid: [EquirippleGrid.Point]
  private let cosineCount: Int
  /// `cos(2πf)` of every grid point.
  private let cosines: [Double]
  /// Indices of the extremal frequencies, ascending; one more than cosines.
  private var extremal: [Int]
  private var nodes: [Double] = []
  private var weights: [Double] = []
  private var values: [Double] = []
  /// The error at the first extremal frequency, times its weight.
  private(set) var deviation = 0.0
  private(set) var iterations = 0

  init(grid problem: EquirippleGrid) {
    grid = problem.points
    cosineCount = problem.cosineCount
    cosines = grid.map { cos(2 * Double.pi * $0.frequency) }
    let spacing = Double(grid.count - 1) / Double(cosineCount)
    let count = cosineCount
    let last = grid.count - 1
    extremal = (0...count).map { $0 == count ? last : Int(Double($0) * spacing) }
  }

  /// Exchanges extremal frequencies until none changes; false where that does not happen.
  mutating func run(iterations limit: Int) -> Bool {
    while iterations < limit {
      iterations += 1
      interpolate()
      let found = peaks(of: errors())
      guard found.count == cosineCount + 1 else { return false }
      if found == extremal { return true }
      extremal = found
    }
    interpolate()
    return false
  }

  /// The values at the extremal frequencies for which the weighted error alternates with one size.
  private mutating func interpolate() {
    nodes = extremal.map { cosines[$0] }
    weights = Self.barycentricWeights(nodes)
    var (top, bottom) = (0.0, 0.0)
    for (j, index) in extremal.enumerated() {
      top += weights[j] * grid[index].gain
      bottom += (j % 2 == 0 ? 1 : -1) * weights[j] / grid[index].weight
    }
    deviation = top / bottom
    values = extremal.enumerated().map { j, index in grid[index].gain - (j % 2 == 0 ? 1 : -1) * deviation / grid[index].weight }
  }

  /// `1 / Π 2 (x[k] − x[j])`, the products taken in strides so that they neither overflow nor vanish on the way.
  private static func barycentricWeights(_ nodes: [Double]) -> [Double] {
    let count = nodes.count
    let stride = (count - 2) / 15 + 1
    return nodes.indices.map { k in
      var product = 1.0
      for first in 0..<stride {
        for j in Swift.stride(from: first, to: count, by: stride) where j != k { product *= 2 * (nodes[k] - nodes[j]) }
      }
      return 1 / product
    }
  }

  /// The approximation at `cos(2πf) = x`.
  private func value(at x: Double) -> Double {
    var (top, bottom) = (0.0, 0.0)
    for j in nodes.indices {
      let distance = x - nodes[j]
      if distance == 0 { return values[j] }
      let c = weights[j] / distance
      bottom += c
      top += c * values[j]
    }
    return top / bottom
  }

  /// Weighted errors on the whole grid; at the extremal frequencies exactly the deviation.
  private func errors() -> [Double] {
    var errors = cosines.indices.map { (grid[$0].gain - value(at: cosines[$0])) * grid[$0].weight }
    for (j, index) in extremal.enumerated() { errors[index] = j % 2 == 0 ? deviation : -deviation }
    return errors
  }

  /// The extremal frequencies of the next round: the peaks of the error that are not below the deviation, thinned to alternating signs and to
  /// the right number.
  private func peaks(of errors: [Double]) -> [Int] {
    let floor = deviation.magnitude
    var found: [Int] = []
    for i in errors.indices {
      let size = errors[i].magnitude
      guard size >= floor, errors[i] != 0 else { continue }
      if let last = found.last, (errors[last] > 0) == (errors[i] > 0) {
        // Of neighbours of one sign the largest; of equal ones the one that was extremal, so that the exchange comes to rest.
        if size > errors[last].magnitude || (size == errors[last].magnitude && extremal.contains(i) && !extremal.contains(last)) {
          found[found.count - 1] = i
        }
      } else {
        found.append(i)
      }
    }
    while found.count > cosineCount + 1 {
      // One too many: drop the smaller end. More: drop the smallest neighbouring pair, or an end, whichever is smallest.
      if found.count == cosineCount + 2 {
        if errors[found[0]].magnitude < errors[found[found.count - 1]].magnitude { found.removeFirst() } else { found.removeLast() }
      } else {
        let smallest = found.indices.min { errors[found[$0]].magnitude < errors[found[$1]].magnitude }!
        if smallest == 0 || smallest == found.count - 1 {
          found.remove(at: smallest)
        } else {
          let previous = errors[found[smallest - 1]].magnitude
          let isPreviousSmaller = previous < errors[found[smallest + 1]].magnitude
          found.removeSubrange(isPreviousSmaller ? (smallest - 1)...smallest : smallest...(smallest + 1))
        }
      }
    }
    return found
  }

  /// The coefficients of the cosines.
  ///
  /// The approximation is sampled within the grid only: outside of it nothing holds it, and rounding would grow without bound. The samples lie at
  /// cosines of even angles of a stretched variable `u = (x − middle) / reach`, their transform gives the coefficients of `T_k(u)`, and those
  /// become coefficients of `T_k(x)`, the cosines.
  func coefficients() -> [Double] {
    let (highest, lowest) = (cosines[0], cosines[cosines.count - 1])
    let (middle, reach) = ((highest + lowest) / 2, (highest - lowest) / 2)
    let length = 2 * cosineCount - 1
    let table = (0..<length).map { cos(2 * Double.pi * Double($0) / Double(length)) }
    let samples = (0..<cosineCount).map { value(at: min(max(middle + reach * table[$0], lowest), highest)) }
    let stretched = (0..<cosineCount).map { k in
      let sum = (1..<max(1, cosineCount)).reduce(0.0) { $0 + samples[$1] * table[k * $1 % length] }
      return (2 * sum + samples[0]) * (k == 0 ? 1 : 2) / Double(length)
    }
    return middle == 0 && reach == 1 ? stretched : Self.unstretched(stretched, middle: middle, reach: reach)
  }

  /// From coefficients of `T_k((x − middle) / reach)` to those of `T_k(x)`: Clenshaw's recurrence, with polynomials in place of numbers.
  private static func unstretched(_ coefficients: [Double], middle: Double, reach: Double) -> [Double] {
    let count = coefficients.count
    var (last, before) = ([Double](repeating: 0, count: count + 1), [Double](repeating: 0, count: count + 1))
    for j in stride(from: count - 1, through: 0, by: -1) {
      // `coefficient + 2u · last − before`, at the end `u` in place of `2u`; `x T_k = (T_(k+1) + T_(k−1)) / 2`.
      let factor = j == 0 ? 1 / reach : 2 / reach
      var next = (0..<count).map { k in
        let below = k == 0 ? 0 : k == 1 ? last[0] : last[k - 1] / 2
        return factor * (below + last[k + 1] / 2 - middle * last[k]) - before[k]
      }
      next[0] += coefficients[j]
      (before, last) = (last, next + [0])
    }
    return Array(last.prefix(count))
  }
}
