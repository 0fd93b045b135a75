import Testing

@testable import MinhangStreaming
