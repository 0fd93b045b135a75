extension Array {
  /// The first index whose element is true, where all that are false come before all that are true.
  ///
  /// O(log count).
  @inlinable
  package func partitioningIndex(_ isTrue: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isTrue(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
