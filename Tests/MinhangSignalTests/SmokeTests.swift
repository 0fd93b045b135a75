import Testing

@testable import MinhangSignal
