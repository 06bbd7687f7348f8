/// Words whose full stop does not end a sentence, per language, in small letters.
///
/// Only what the general rules of ``FullStop`` cannot tell is listed: initials, `z.B.`, `U.S.` and
/// short words before a small letter need no entry.
struct Abbreviations: Sendable {
  /// Stand before a name or another word, whatever it begins with: `Dr. Kim`, `vs. Ali`.
  let beforeAnything: Set<String>
  /// Stand before a figure, and are plain words elsewhere: `No. 5`.
  let beforeNumber: Set<String>

  init(language: Language) {
    let common = Self.words("prof dr st mr mrs ms jr sr")
    beforeAnything = common.union(Self.words(Self.titles(language)))
    beforeNumber = Self.words("no nr pp fig tab vol art cap vs op ch sec " + Self.numbered(language))
  }

  private static func words(_ list: String) -> Set<String> {
    Set(list.split(separator: " ").map(String.init))
  }

  private static func titles(_ language: Language) -> String {
    switch language {
    case .english:
      "mx messrs drs gen sen rep gov lt col sgt capt cmdr adm maj rev hon pres supt mt ft vs approx ave blvd"
        + " dept univ assn bros viz"
    case .german: "hr fr frl ing dipl bzw ca inkl zzgl evtl ggf sog vgl bspw hl geb gest str allg"
    case .french: "mm mme mmes mlle mlles mgr ste pr av bd env cf"
    case .spanish: "dª dña sra sres sras srta dra dres profa ud vd lic ing gral cnel av avda ej pág núm"
    case .portuguese: "sra srta dra profa eng exmo exma av ex pág núm"
    case .italian: "sig sigg dott avv ing arch geom on mons egr gent es pag"
    case .dutch: "dhr mevr mw drs ir ing mr bijv bv ca jhr zgn resp incl excl"
    case .danish: "hr fr frk ca bl eks f.eks mht pga vedr inkl ekskl evt"
    case .norwegian: "hr fr frk ca bl eks f.eks pga vedr inkl ekskl evt"
    case .swedish: "hr fr frk ca bl ex tex tekn doc kand ing inkl exkl resp"
    case .finnish: "hra rva nti esim mm ns ts ent synt tri toht maist"
    case .polish: "mgr inż hab płk gen kpt por ks bp abp św np tzw ul al pl im ww pt"
    case .russian: "гг ул кв обл пр пл им проф акад доц тов ген гр напр см ср стр рис тел"
    case .turkish: "sn bn bay av doç yrd öğr alb gen org mah cad sok apt örn bkz vb vs yy"
    case .greek: "κα κος δρ καθ αγ λεωφ οδ πρβλ βλ αρ σελ χλμ"
    case .swahili: "bw bi bwn mhe dkt mwl ndg nk"
    case .malay: "en pn cik tn hj hjh dato tg kg jln sdn"
    case .hindi: "डॉ श्री प्रो पं कु इं सु मो"
    case .arabic: "د أ م ص ب ج"
    case .hebrew: "ד ר פרופ מר גב עו רח שד"
    case .korean, .japanese, .chinese: ""
    }
  }

  private static func numbered(_ language: Language) -> String {
    switch language {
    case .english: "jan feb mar apr jun jul aug sep sept oct nov dec figs nos vols chap ed eq ext est"
    case .german: "bd kap abb jan feb apr aug sept okt nov dez jh st ziff abschn anm"
    case .french: "vol chap janv févr avr juil sept oct nov déc éd al"
    case .spanish, .portuguese: "núm vol ene feb abr ago sept oct nov dic tel pág págs"
    case .italian: "num gen febbr sett ott nov dic pag pagg"
    case .dutch: "blz hfst jan feb apr aug sept okt nov dec afb"
    case .danish, .norwegian, .swedish: "kap kl ca jan feb aug sept okt nov dec tlf tel sid"
    case .finnish: "klo puh kpl"
    case .polish: "godz tel poz ust rozdz rys nr str"
    case .russian: "пп гл тт руб коп тыс млн млрд"
    case .turkish: "tel no sf cilt"
    case .greek: "τηλ κεφ εικ"
    case .swahili, .malay: "uk bil tel hlm"
    case .hindi, .arabic, .hebrew, .korean, .japanese, .chinese: ""
    }
  }
}
