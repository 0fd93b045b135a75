import Testing

@testable import MinhangSimulation
