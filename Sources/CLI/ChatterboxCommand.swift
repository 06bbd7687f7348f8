import API
import ArgumentParser

/// `chatterbox`: text in, natural speech out, on this machine.
@main
struct ChatterboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chatterbox",
    abstract: "Natural speech on your own machine.",
    version: Server.version,
    subcommands: [
      SayCommand.self, ConvertCommand.self, VoicesCommand.self, WatermarkCommand.self, ServeCommand.self,
      ModelsCommand.self, PresetsCommand.self, KeysCommand.self, AuditCommand.self, DoctorCommand.self,
      BenchWorkerCommand.self,
    ])
}
