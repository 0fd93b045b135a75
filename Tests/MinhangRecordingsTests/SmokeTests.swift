import Testing

@testable import MinhangRecordings
