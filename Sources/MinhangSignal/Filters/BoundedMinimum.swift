/// The minimum of a function of one number in an interval, by parabolas through the three best points where they help and golden sections
/// where they do not.
///
/// **Source:** Brent 1973, "Algorithms for minimization without derivatives", chapter 5 (`localmin`), in the form of Forsythe, Malcolm & Moler
/// 1977, "Computer methods for mathematical computations"; with the tolerances of `scipy.optimize.fminbound`, whose last digits order
/// selection has to meet.
enum BoundedMinimum {
  /// The place of a local minimum, to about 1e-5.
  static func of(_ function: (Double) -> Double, from lower: Double, to upper: Double) -> Double {
    let golden = (3 - (5.0).squareRoot()) / 2
    let relative = (2.2e-16).squareRoot()
    let absolute = 1e-5 / 3
    var (a, b) = (lower, upper)
    /// The best point so far, the second best, and the one before that.
    var best = (x: a + golden * (b - a), value: 0.0)
    best.value = function(best.x)
    var (second, third) = (best, best)
    /// The last step and the one before.
    var (step, before) = (0.0, 0.0)
    for _ in 1..<500 {
      let middle = (a + b) / 2
      let tolerance = relative * best.x.magnitude + absolute
      if (best.x - middle).magnitude <= 2 * tolerance - (b - a) / 2 { break }
      var isParabola = false
      if before.magnitude > tolerance {
        // The parabola's vertex lies p / q away from the best point.
        let r = (best.x - second.x) * (best.value - third.value)
        var q = (best.x - third.x) * (best.value - second.value)
        var p = (best.x - third.x) * q - (best.x - second.x) * r
        q = 2 * (q - r)
        if q > 0 { p = -p }
        q = q.magnitude
        let allowed = before
        before = step
        if p.magnitude < (q * allowed / 2).magnitude, p > q * (a - best.x), p < q * (b - best.x) {
          isParabola = true
          step = p / q
          let x = best.x + step
          if x - a < 2 * tolerance || b - x < 2 * tolerance { step = middle >= best.x ? tolerance : -tolerance }
        }
      }
      if !isParabola {
        before = best.x >= middle ? a - best.x : b - best.x
        step = golden * before
      }
      let x = best.x + (step >= 0 ? 1 : -1) * max(step.magnitude, tolerance)
      let new = (x: x, value: function(x))
      if new.value <= best.value {
        if new.x >= best.x { a = best.x } else { b = best.x }
        (third, second, best) = (second, best, new)
      } else {
        if new.x < best.x { a = new.x } else { b = new.x }
        if new.value <= second.value || second.x == best.x {
          (third, second) = (second, new)
        } else if new.value <= third.value || third.x == best.x || third.x == second.x {
          third = new
        }
      }
    }
    return best.x
  }
}
