import Foundation
import MinhangCommands

exit(await CommandLineEntry.run())
