/// A unit of measure by its names.
struct Unit: Sendable {
  let one: String
  let many: String

  /// The unit that a symbol stands for after a number.
  static func named(_ symbol: String) -> Unit? { bySymbol[symbol] }

  /// Symbols that are also words or letters, so that they must be glued to their number.
  static let gluedSymbols: Set<String> = ["t", "ha", "in", "IN"]

  func squared(_ power: String) -> Unit? {
    switch power {
    case "2": Unit(one: "square " + one, many: "square " + many)
    case "3": Unit(one: "cubic " + one, many: "cubic " + many)
    default: nil
    }
  }

  private static let bySymbol: [String: Unit] = {
    var units: [String: Unit] = [:]
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: ":").map { $0.trimmingPrefix { $0 == " " } }
      let names = fields[0].split(separator: "/").map(String.init)
      let unit = Unit(one: names[0], many: names.count > 1 ? names[1] : names[0] + "s")
      for symbol in fields[1].split(separator: " ") { units[String(symbol)] = unit }
    }
    return units
  }()

  /// Name, plural if it is not made with s, and the ways to write it.
  private static let table = """
    kilometer: km Km KM
    meter: m
    decimeter: dm
    centimeter: cm CM
    millimeter: mm MM
    micrometer: μm um
    nanometer: nm
    mile: mi
    yard: yd yds
    foot/feet: ft Ft FT
    inch/inches: in IN
    hectare: ha
    kilogram: kg Kg KG kgs
    gram: g gr
    milligram: mg
    microgram: μg mcg
    ton: t
    pound: lb lbs Lbs LBS
    ounce: oz OZ
    liter: l L
    milliliter: ml mL ML
    centiliter: cl cL
    deciliter: dl dL
    gallon: gal
    quart: qt
    tablespoon: tbsp Tbsp
    teaspoon: tsp
    hour: h hr hrs
    minute: min mins
    second: s sec secs
    millisecond: ms msec
    microsecond: μs us
    nanosecond: ns
    year: yr yrs
    month: mo mos
    week: wk wks
    mile per hour/miles per hour: mph MPH
    kilometer per hour/kilometers per hour: kph KPH kmh kmph
    mile per gallon/miles per gallon: mpg MPG
    knot: kn kt kts
    hertz/hertz: Hz hz
    kilohertz/kilohertz: kHz KHz khz
    megahertz/megahertz: MHz Mhz mhz
    gigahertz/gigahertz: GHz Ghz ghz
    terahertz/terahertz: THz
    revolution per minute/revolutions per minute: rpm RPM
    beat per minute/beats per minute: bpm BPM
    word per minute/words per minute: wpm WPM
    frame per second/frames per second: fps FPS
    dot per inch/dots per inch: dpi DPI
    pixel per inch/pixels per inch: ppi PPI
    part per million/parts per million: ppm
    part per billion/parts per billion: ppb
    kilobyte: kB KB
    megabyte: MB
    gigabyte: GB Gb
    terabyte: TB
    petabyte: PB
    kibibyte: KiB
    mebibyte: MiB
    gibibyte: GiB
    tebibyte: TiB
    kilobit per second/kilobits per second: kbps Kbps
    megabit per second/megabits per second: Mbps mbps
    gigabit per second/gigabits per second: Gbps gbps
    pixel: px
    megapixel: MP Mpx
    volt: V
    millivolt: mV
    kilovolt: kV
    watt: W
    milliwatt: mW
    kilowatt: kW KW
    megawatt: MW
    gigawatt: GW
    watt hour: Wh
    kilowatt hour: kWh KWh kwh
    megawatt hour: MWh
    ampere: amp amps
    milliampere: mA
    milliampere hour: mAh
    ohm: Ω
    kilohm: kΩ
    megohm: MΩ
    calorie: cal
    kilocalorie: kcal
    kilojoule: kJ
    horsepower/horsepower: hp HP
    pascal: Pa
    hectopascal: hPa
    kilopascal: kPa
    megapascal: MPa
    bar/bars: bar
    pound per square inch/pounds per square inch: psi PSI
    decibel: dB
    lumen: lm
    lux/lux: lx
    mole: mol
    kilonewton: kN
    newton meter: Nm
    cubic centimeter: cc
    """
}
