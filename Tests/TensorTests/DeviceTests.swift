import Tensor
import Testing

@Suite("Device")
struct DeviceTests {
  @Test("the CPU is always there, under any capitals", arguments: ["cpu", "CPU", "Cpu"])
  func cpu(name: String) throws {
    let device = try Device.named(name)
    #expect(device.kind == .cpu)
    #expect(device.memory > 0)
    #expect(!device.description.isEmpty)
    #expect(Device.all.contains(device))
  }

  @Test("ggml's own names find their devices")
  func ownNames() throws {
    for device in Device.all { #expect(try Device.named(device.name) == device) }
  }

  @Test("auto is the first GPU, else the CPU")
  func auto() throws {
    let expected = Device.all.first { $0.kind == .gpu } ?? Device.all.first { $0.kind == .cpu }
    #expect(try Device.named("auto") == expected)
  }

  @Test(
    "an unknown name is refused, with a list of what is there",
    arguments: ["", "abacus", "cuda:63", "cpu7", " cpu"])
  func unknown(name: String) {
    let names = Device.all.map(\.name)
    let error = #expect(throws: TensorError.self) { try Device.named(name) }
    #expect(error == .deviceNotFound(name: name, available: names))
    let message = error.map(String.init(describing:)) ?? ""
    #expect(message.contains("'\(name)'"))
    for known in names { #expect(message.contains(known)) }
  }

  @Test("a backend computes with at least one thread, and knows its device")
  func backend() throws {
    #expect(try Backend(threads: 0).threads == 1)
    #expect(try Backend(threads: 3).threads == 3)
    #expect(try Backend().threads >= 1)
    #expect(try Backend().device == Device.named("cpu"))
  }
}

@Suite("Lists of devices")
struct DeviceListTests {
  @Test("name each once")
  func lists() throws {
    #expect(try Device.list("cpu").map(\.name) == [Device.named("cpu").name])
    #expect(try Device.list(" CPU ").count == 1)
    #expect(try Device.list("auto").count == 1)
    #expect(throws: TensorError.deviceRepeated(name: try Device.named("cpu").name)) {
      try Device.list("cpu, CPU")
    }
  }

  @Test(
    "an empty place, auto beside others and an unknown one are refused",
    arguments: ["", ",", "cpu,", "auto,cpu", "cpu,tpu"])
  func refusals(names: String) throws {
    let error = #expect(throws: TensorError.self) { try Device.list(names) }
    #expect(error?.description.contains("There is no device") == true)
  }
}
