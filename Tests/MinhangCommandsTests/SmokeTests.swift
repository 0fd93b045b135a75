import Testing

@testable import MinhangCommands
