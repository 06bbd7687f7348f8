import ArgumentParser

/// `chatterbox`: text in, natural speech out, on this machine.
@main
struct ChatterboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chatterbox",
    abstract: "Natural speech on your own machine.",
    version: "0.1.0",
    subcommands: [
      SayCommand.self, ServeCommand.self, ModelsCommand.self, PresetsCommand.self, DoctorCommand.self,
      BenchWorkerCommand.self,
    ])
}
