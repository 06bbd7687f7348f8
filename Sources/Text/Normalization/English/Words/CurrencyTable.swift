/// A currency's names: one of it, several, and its hundredth part.
struct Currency: Sendable {
  let one: String
  let many: String
  var cent: String?
  var cents: String?

  init(_ one: String, _ many: String, _ cent: String? = nil, _ cents: String? = nil) {
    self.one = one
    self.many = many
    self.cent = cent
    self.cents = cents
  }

  /// `US dollar` for `dollar`.
  func of(_ country: String) -> Currency {
    Currency(country + " " + one, country + " " + many, cent, cents)
  }
}

extension Currency {
  private static let dollar = Currency("dollar", "dollars", "cent", "cents")
  private static let pound = Currency("pound", "pounds", "penny", "pence")
  private static let euro = Currency("euro", "euros", "cent", "cents")
  private static let rupee = Currency("rupee", "rupees", "paisa", "paise")
  private static let real = Currency("real", "reais", "centavo", "centavos")
  private static let franc = Currency("franc", "francs", "centime", "centimes")

  static let bySymbol: [String: Currency] = [
    "$": dollar, "£": pound, "€": euro, "₹": rupee,
    "¥": Currency("yen", "yen"), "₩": Currency("won", "won"),
    "₽": Currency("ruble", "rubles", "kopek", "kopeks"), "₺": Currency("lira", "lira"),
    "₪": Currency("shekel", "shekels"), "₫": Currency("dong", "dong"),
    "₴": Currency("hryvnia", "hryvnias"), "฿": Currency("baht", "baht"),
    "₿": Currency("bitcoin", "bitcoins"), "₱": Currency("peso", "pesos", "centavo", "centavos"),
    "₦": Currency("naira", "naira"), "¢": Currency("cent", "cents"),
  ]

  /// What a dollar is called by the letters before its sign: `US$`.
  static let dollarByPrefix: [String: Currency] = [
    "US": dollar.of("US"), "C": dollar.of("Canadian"), "CA": dollar.of("Canadian"),
    "A": dollar.of("Australian"), "AU": dollar.of("Australian"), "NZ": dollar.of("New Zealand"),
    "HK": dollar.of("Hong Kong"), "S": dollar.of("Singapore"), "SG": dollar.of("Singapore"),
    "NT": dollar.of("Taiwan"), "R": real, "MX": Currency("Mexican peso", "Mexican pesos"),
  ]

  /// By the codes of ISO 4217, and by what else is written before or after amounts.
  static let byCode: [String: Currency] = [
    "USD": dollar.of("US"), "CAD": dollar.of("Canadian"), "AUD": dollar.of("Australian"),
    "NZD": dollar.of("New Zealand"), "HKD": dollar.of("Hong Kong"), "SGD": dollar.of("Singapore"),
    "EUR": euro, "GBP": pound.of("British"), "JPY": Currency("Japanese yen", "Japanese yen"),
    "KRW": Currency("Korean won", "Korean won"), "CNY": Currency("Chinese yuan", "Chinese yuan"),
    "RMB": Currency("yuan", "yuan"), "INR": rupee.of("Indian"), "Rs": rupee, "CHF": franc.of("Swiss"),
    "BRL": real.of("Brazilian"), "MXN": Currency("Mexican peso", "Mexican pesos"),
    "SEK": Currency("Swedish krona", "Swedish kronor"),
    "NOK": Currency("Norwegian krone", "Norwegian kroner"),
    "DKK": Currency("Danish krone", "Danish kroner"), "PLN": Currency("Polish zloty", "Polish zlotys"),
    "RUB": Currency("Russian ruble", "Russian rubles"), "TRY": Currency("Turkish lira", "Turkish lira"),
    "ZAR": Currency("South African rand", "South African rand"),
    "ILS": Currency("Israeli shekel", "Israeli shekels"),
    "THB": Currency("Thai baht", "Thai baht"), "BTC": Currency("bitcoin", "bitcoins"),
  ]
}
