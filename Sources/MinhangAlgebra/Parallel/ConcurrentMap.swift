import Dispatch
import Synchronization

/// Maps `0 ..< count` over at most `threads` threads; the result is in the order of the indices and does not depend on the threads.
///
/// Each index is computed by itself, so the bits are those of a plain loop. With one thread, or one index, everything runs inline on the
/// caller's thread. If some calls throw, the error of the lowest index is thrown, after the calls under way have ended; indices that had not
/// begun by then are skipped.
///
/// - Parameters:
///   - count: Number of indices, not negative.
///   - threads: Most threads to use, the caller's included; anything below 2 runs inline.
///   - body: Computes the element of an index. Runs on several threads at a time.
/// - Returns: The elements, by index.
/// - Throws: What `body` throws for the lowest index that fails.
public func concurrentMap<T: Sendable, Failure: Error>(
  count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> T
) throws(Failure) -> [T] {
  precondition(count >= 0, "a map over \(count) indices")
  let workers = min(threads, count)
  guard workers > 1 else {
    var results: [T] = []
    results.reserveCapacity(count)
    for index in 0..<count { results.append(try body(index)) }
    return results
  }
  let slots = Slots<Result<T, Failure>>(count: count)
  let next = Atomic<Int>(0)
  let lowestFailure = Atomic<Int>(Int.max)
  withoutActuallyEscaping(body) { body in
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count, index < lowestFailure.load(ordering: .relaxed) else { return }
        do throws(Failure) {
          slots.set(index, .success(try body(index)))
        } catch {
          slots.set(index, .failure(error))
          lowestFailure.min(index, ordering: .relaxed)
        }
      }
    }
  }
  // Indices are handed out in ascending order, so below the lowest failure every slot is filled.
  var results: [T] = []
  results.reserveCapacity(count)
  for index in 0..<count { results.append(try slots.take(index).get()) }
  return results
}

/// Unchecked: each slot is written by the one worker that drew its index and read after all workers have ended.
private final class Slots<Element>: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<Element?>

  init(count: Int) {
    storage = .allocate(capacity: count)
    storage.initialize(repeating: nil)
  }

  deinit {
    storage.deinitialize()
    storage.deallocate()
  }

  func set(_ index: Int, _ element: Element) { storage[index] = element }

  func take(_ index: Int) -> Element {
    guard let element = storage[index] else { preconditionFailure("index \(index) was not computed") }
    return element
  }
}
