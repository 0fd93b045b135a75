import Testing

@testable import MinhangAlgebra
