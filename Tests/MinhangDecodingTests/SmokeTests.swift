import Testing

@testable import MinhangDecoding
