@_exported import MinhangAlgebra
@_exported import MinhangCore
@_exported import MinhangDecoding
@_exported import MinhangRecordings
@_exported import MinhangSignal
@_exported import MinhangSimulation
@_exported import MinhangStreaming
