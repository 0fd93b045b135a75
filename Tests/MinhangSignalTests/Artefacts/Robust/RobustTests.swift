import MinhangAlgebra
import MinhangCore
import Testing

@testable import MinhangSignal

struct RobustTests {
  @Test func `the geometric median equals meegkit's`() throws {
    let golden = try ASRGoldens.load().medians
    var values = SharedSignals.noise(70, 120)
    for i in 0..<24 { values[i] += 30 }
    let points = Matrix(rows: 40, columns: 3, values)
    let plain = GeometricMedian(ofRows: points)
    let weighted = GeometricMedian(ofRows: points, weights: (0..<40).map { Double(1 + $0 % 5) })
    #expect(plain.converged && weighted.converged)
    let error = max(scaledDifference(plain.point, golden.plain), scaledDifference(weighted.point, golden.weighted))
    reportArtefactParity("GeometricMedian", "meegkit.utils.asr.geometric_median", error)
    // The same steps; sums of 40 terms.
    #expect(error < 1e-13)
  }

  @Test func `the geometric median of special points`() {
    #expect(GeometricMedian(ofRows: Matrix(rows: 1, columns: 2, [1, 2])).point == [1, 2])
    #expect(GeometricMedian(ofRows: Matrix(rows: 3, columns: 2, [1, 2, 1, 2, 1, 2])).point == [1, 2])
    // More than half of the weight on one point: it is the median.
    let heavy = GeometricMedian(ofRows: Matrix(rows: 3, columns: 1, [0, 1, 7]), weights: [1, 5, 1], tolerance: 1e-12)
    #expect((heavy.point[0] - 1).magnitude < 1e-9)
    // The start is exactly a point.
    let start = GeometricMedian(ofRows: Matrix(rows: 5, columns: 2, [0, 0, 1, 0, -1, 0, 0, 1, 0, -1]))
    #expect(start.point == [0, 0] && start.converged)
  }

  @Test func `a ring of points gives the bits of the points in order, and a used search those of a new one`() {
    let values = SharedSignals.noise(71, 60)
    let weights = (0..<12).map { Double(1 + $0) }
    let ordered = GeometricMedian(ofRows: Matrix(rows: 12, columns: 5, values), weights: weights)
    let turned = Matrix(rows: 12, columns: 5, Array(values[20...] + values[..<20]))
    var search = GeometricMedian(dimension: 5)
    search.find(amongRows: Matrix(rows: 3, columns: 5, Array(values.prefix(15))), weights: [3, 1, 1])
    search.find(amongRows: turned, first: 8, weights: weights)
    #expect(search.point == ordered.point && search.steps == ordered.steps)
  }

  @Test func `the inverse incomplete gamma function equals scipy's and inverts`() throws {
    var worst = 0.0
    for golden in try ASRGoldens.load().gamma {
      let x = IncompleteGamma.inverseLower(golden.a, golden.part)
      worst = max(worst, (x / golden.x - 1).magnitude)
      // A few ulp of P, over the slope: near part 0.999 one ulp of P is 1e-13 of x.
      #expect((x / golden.x - 1).magnitude < 1e-12)
      #expect((IncompleteGamma.lower(golden.a, x) - golden.part).magnitude < 1e-14)
    }
    reportArtefactParity("IncompleteGamma.inverseLower", "scipy.special.gammaincinv", worst)
    #expect(IncompleteGamma.inverseLower(0.5, 0) == 0 && IncompleteGamma.lower(2, 0) == 0)
  }

  @Test func `order statistics are those of the definitions`() {
    #expect(OrderStatistics.median([3, 1, 2]) == 2 && OrderStatistics.median([4, 1, 2, 3]) == 2.5)
    #expect(OrderStatistics.quantile(0.25, ofSorted: [0, 1, 2, 3, 4]) == 1 && OrderStatistics.quantile(0.1, ofSorted: [0, 10]) == 1)
    #expect(OrderStatistics.median([]).isNaN)
    #expect(OrderStatistics.medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]) == 1)
    let scores = OrderStatistics.robustScores([1, 2, 3, 4, 5, .nan, 100])
    #expect(scores[5].isNaN && scores[6] > 20)
    #expect(OrderStatistics.robustScores([2, 2, 2, 2, 7]) == [0, 0, 0, 0, .infinity])
  }
}
