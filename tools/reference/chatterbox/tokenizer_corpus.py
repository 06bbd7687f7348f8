"""The texts that the tokenizers are compared on: 23 languages, made up here, plain and in odd dress."""

SENTENCES = {
    "ar": ["مرحبا، كيف حالك اليوم؟", "القطار يغادر في الساعة السابعة صباحا.", "اشتريت ٣ تفاحات وكتابًا جديدًا.",
           "هذه جُمْلَةٌ قَصِيرَةٌ مُشَكَّلَةٌ.", "أين أقرب محطة؟ لا أعرف!", "المدينة جميلة، ولكن الشوارع مزدحمة.", "ﷺ ﻻ ﺑﺎﻟﻌﺮﺑﻴﺔ"],
    "da": ["Hej, hvordan går det med dig i dag?", "Toget kører klokken syv om morgenen.", "Æblerne på øen smager sødt, åh ja!",
           "Jeg har købt tre bøger og en grøn kop.", "Hvor er den nærmeste station?", "Byen er smuk; gaderne er fulde.", "RØDGRØD MED FLØDE"],
    "de": ["Guten Morgen, wie geht es dir heute?", "Der Zug fährt um sieben Uhr früh ab.", "Die Straße ist groß, süß und heiß.",
           "Ich habe drei Äpfel und 12 Bücher gekauft.", "Wo ist der nächste Bahnhof?", "ÄRGER ÜBER ÖLIGE STRAẞEN", "Donaudampfschifffahrtsgesellschaftskapitän"],
    "el": ["Καλημέρα, πώς είσαι σήμερα;", "Το τρένο φεύγει στις επτά το πρωί.", "Ο ΟΔΥΣΣΕΥΣ ΚΑΙ Ο ΣΙΣΥΦΟΣ", "Αγόρασα τρία μήλα και ένα βιβλίο.",
           "Πού είναι ο σταθμός;", "ΣΑΣ Σ. ΑΣ' Σ", "Ἐν ἀρχῇ ἦν ὁ λόγος, ᾳ ῥ ΰ"],
    "en": ["Good morning, how are you today?", "The train leaves at seven o'clock sharp.", "We'll see; they've said it's fine, I'm sure you'd agree.",
           "I bought 3 apples, 12 books and a café au lait for $4.50.", "Where's the nearest station?", "SHOUTING IN CAPITALS, don't you THINK?", "naïve façade coöperate — “quoted” ‘text’…"],
    "es": ["Buenos días, ¿cómo estás hoy?", "El tren sale a las siete de la mañana.", "El niño comió piñas y pingüinos de azúcar.",
           "Compré 3 manzanas y un libro nuevo.", "¡Qué ciudad más bonita!", "¿DÓNDE ESTÁ LA ESTACIÓN?", "La cigüeña voló: lejos, muy lejos."],
    "fi": ["Hyvää huomenta, mitä kuuluu tänään?", "Juna lähtee kello seitsemän aamulla.", "Ostin kolme omenaa ja yhden kirjan.",
           "Missä on lähin asema?", "Yöllä sää on kylmä, äiti sanoi.", "ÅLAND JA ÄÄNEKOSKI", "Kaupunki on kaunis; kadut täynnä."],
    "fr": ["Bonjour, comment ça va aujourd'hui ?", "Le train part à sept heures du matin.", "L'été, les garçons mangent des gâteaux à Noël.",
           "J'ai acheté trois pommes et un œuf.", "Où est la gare la plus proche ?", "ÇA ALORS, QUELLE FÊTE !", "Les rues sont pleines : c’est la fête…"],
    "he": ["שלום, מה שלומך היום?", "הרכבת יוצאת בשבע בבוקר.", "קניתי שלושה תפוחים וספר חדש.", "איפה התחנה הקרובה?", "הָעִיר יָפָה מְאֹד.",
           "רחובות העיר מלאים, נכון?", "בּ שׁ וֹ ﬡ"],
    "hi": ["नमस्ते, आज आप कैसे हैं?", "रेलगाड़ी सुबह सात बजे जाती है।", "मैंने ३ सेब और एक किताब खरीदी।", "सबसे नज़दीकी स्टेशन कहाँ है?",
           "शहर बहुत सुंदर है, पर भीड़ है।", "क्या‍ ज़रूरी फ़िल्म क्ष त्र ज्ञ", "हिन्दी में लिखा हुआ वाक्य।"],
    "it": ["Buongiorno, come stai oggi?", "Il treno parte alle sette del mattino.", "Perché la città è così bella?", "Ho comprato tre mele e un libro.",
           "Dov'è la stazione più vicina?", "PERCIÒ È TUTTO FINITO!", "Le strade sono piene; la gente canta."],
    "ja": ["おはようございます、おげんきですか。", "きょうはとてもさむいですね！", "テレビをみながらコーヒーをのみました。", "ありがとう。さようなら。",
           "でんしゃは7じにでます。", "パーティーはとてもたのしかった！", "ｶﾞｷﾞｸﾞ ﾊﾝｶｸ ｶﾅ"],
    "ko": ["안녕하세요, 오늘 어떠세요?", "기차는 아침 일곱 시에 떠납니다.", "사과 3개와 책을 샀어요.", "가장 가까운 역이 어디예요?", "도시가 정말 아름답네요!",
           "값이 싸고 닭이 뛴다. ㅋㅋㅋ ㅎㅎ", "  앞뒤 공백  "],
    "ms": ["Selamat pagi, apa khabar hari ini?", "Kereta api bertolak pukul tujuh pagi.", "Saya membeli tiga biji epal dan sebuah buku.",
           "Di manakah stesen terdekat?", "Bandar ini sangat cantik.", "JALAN RAYA PENUH SESAK", "Buku-buku itu kepunyaan kanak-kanak."],
    "nl": ["Goedemorgen, hoe gaat het vandaag?", "De trein vertrekt om zeven uur 's ochtends.", "Ik heb drie appels en één boek gekocht.",
           "Waar is het dichtstbijzijnde station?", "De stad is mooi; de straten zijn vol.", "ĲSBEREN EETEN ĳS", "Coördinatie, reünie, cafés en 't weer."],
    "no": ["God morgen, hvordan har du det i dag?", "Toget går klokka sju om morgenen.", "Jeg kjøpte tre epler og en blå bok.", "Hvor er nærmeste stasjon?",
           "Byen er vakker, og gatene er fulle.", "ÆRLIG TALT, ØL OG ÅL", "Sørover langs fjorden i båt."],
    "pl": ["Dzień dobry, jak się dziś masz?", "Pociąg odjeżdża o siódmej rano.", "Kupiłem trzy jabłka i książkę.", "Gdzie jest najbliższa stacja?",
           "Zażółć gęślą jaźń.", "ŁÓDŹ ŻEGLUJE ĆMĄ", "Miasto jest piękne; ulice są pełne."],
    "pt": ["Bom dia, como você está hoje?", "O trem parte às sete da manhã.", "Comprei três maçãs e um pão.", "Onde fica a estação mais próxima?",
           "A cidade é bonita; as ruas estão cheias.", "AÇÃO, EMOÇÃO E CORAÇÃO!", "Vovó viu o avô à beira-mar."],
    "ru": ["Доброе утро, как дела сегодня?", "Поезд уходит в семь часов утра.", "Я купил три яблока и книгу.", "Где ближайшая станция?", "Ёлка, йод и объём.",
           "ГОРОД ОЧЕНЬ КРАСИВ!", "За́мок и замо́к — разные слова."],
    "sv": ["God morgon, hur mår du i dag?", "Tåget går klockan sju på morgonen.", "Jag köpte tre äpplen och en bok.", "Var ligger närmaste station?",
           "Staden är vacker; gatorna är fulla.", "ÅÄÖ ÄR BOKSTÄVER", "Sju sjösjuka sjömän, sa han."],
    "sw": ["Habari za asubuhi, hujambo leo?", "Treni inaondoka saa moja asubuhi.", "Nilinunua matofaa matatu na kitabu.", "Kituo cha karibu kiko wapi?",
           "Mji ni mzuri sana.", "BARABARA ZIMEJAA WATU", "Ng'ombe wa jirani amelala."],
    "tr": ["Günaydın, bugün nasılsın?", "Tren sabah yedide kalkıyor.", "Üç elma ve bir kitap aldım.", "En yakın istasyon nerede?", "Şehir çok güzel, değil mi?",
           "İSTANBUL VE DİYARBAKIR IŞIK", "Çağdaş öğrenciler ıhlamur içti."],
    "zh": ["你好，今天怎么样？", "火车早上七点开。", "我买了三个苹果和一本书。", "最近的车站在哪里？", "城市很美，街上人很多！", "漢字と仮名 混在 ㄅㄆㄇ 々〆", "龘龖 𠀀𠮷 丽"],
}

KANJI = [
    "東京は今日、とても寒いです。", "私は学校へ行きます。", "日本語を勉強しています。", "新聞を読みながら朝食を取る。", "電車は駅に着いた。", "橋を渡ると花屋が見える。",
    "人々は広場に集まった。", "彼女は医者になりたい。", "来年の春、京都に住みます。", "水を二杯ください。", "部屋の窓を開けた。", "山の上から海が見える。",
    "会議は三時から始まる。", "この本は面白い。", "猫が庭で寝ている。", "弟は音楽を聞く。", "大学の図書館は静かだ。", "昨日、友達と映画を見た。",
    "右に曲がって、左側の建物です。", "母の料理が一番好き。", "月曜日から金曜日まで働く。", "雪が降って道が白い。", "電話番号を教えて。", "小さい犬が走る。",
    "経済と政治の歴史", "天気予報によると明日は雨", "旅行の準備をする", "子供たちは公園で遊ぶ", "駅前の銀行", "夏休みの思い出",
]

DRESS = [
    lambda s: s.upper(),
    lambda s: f"  {s}\t\n{s.split()[0] if s.split() else s}\u00a0\u3000x\u2003y\r\n",
    lambda s: f"{s} 😀👨‍👩‍👧‍👦 🇫🇷 ❤️👍🏽",
    lambda s: f"[laughter] {s} [sigh][UH] (laughs) [unknown] [clear_throat]",
    lambda s: f"{s[: len(s) // 2]} 混ぜ mixed смесь خليط 한글 {s[len(s) // 2 :]}",
    lambda s: f"{s} 1234567890 ½ ² Ⅷ ٤٥ ①",
    lambda s: s.replace(" ", "\u200b").replace("a", "a\u0301\u0323"),
    lambda s: f"\u202b{s}\u202c \u200f\u200d\u200c\ufeff\ufe0f",
    lambda s: f"{s}... {s} - ; : — – “a” ‘b’ ,,, !!! ???",
    lambda s: f"[laugh]{s} [clear throat] [Laugh] <|endoftext|> [giggle] [en][zh]",
    lambda s: "".join(reversed(s)) + "_under_score-hyphen/slash\\x",
    lambda s: s.title() + " I'll we've it's 'S don't'll",
    lambda s: f"\t {s[:12]}   {s[12:20]}\n\n\n{s[20:30]}  ",
    lambda s: "".join(c + "\u0308" if i % 5 == 0 else c for i, c in enumerate(s)),
]

EDGES = [
    "", " ", "   ", "\n", "\t\r\n", "a", "A", "ß", "ŉ", "ǰ", "ﬁ", "ﬃ ligature", "İ", "ı", "Σ", "ΑΣ", "ΑΣ.", "Σ΄", "ΑΣ\u0301", "ΑΣ\u00adΑ", "1", "…", ".", "...", ",", "-",
    "x,", "x、", "x。", "x？", "x！", "x?", "x !", " , , ,", " - - - ", "a - b", "a  -  b", "a:b;c", "“", "”x", "\x1cfile\x1dgroup\x1erecord\x1funit", "\x85next\x85line",
    "a\u2028b\u2029c", "tab\tseparated\tvalues", "\u180emongolian\u180e", "\ufffd replacement", "\U0001F600", "\U0010FFFD \uE000 private", "\U00020000\U0002A6D6", "\uFDD0 \uFFFE noncharacters",
    "e\u0301 é \u00c5 \u212b A\u030a", "\u1112\u1161\u11ab 한", "각\ud7a3\ud7a4\ud7af", "q\u0307\u0323 q\u0323\u0307", "\u0344 \u0958 \u09dc", "ａｂｃ１２３！？", "①②③ ㈱ ㍿ ㌔", "ﷺ", "\u00a0\u00a0x\u00a0",
    "[START]hello[STOP]", "[UNK][SPACE][SPACE]", "[spa[SPACE]ce]", "[[SPACE]]", "[SPACE", "[cj_a][cj_.]", "[PLACEHOLDER55]", "[MASK][PAD][SEP][CLS]", "[laughter]laughter[laughter",
    "[laugh][laughs][laughing]", " [laugh] ", "[laugh", "laugh]", "[ laugh ]", "[clear throat] ahem", "(clears throat) hm", "*sighs*", "[happy]joy[angry]", "<|endoftext|>", "<|endoftext|><|endoftext|> x",
    "'s't're've'm'll'd", "'S'T'RE", "it’s", "'", "''''", " 's", "x's y'sz", "12abc34", "abc_def", "__init__", "a\u200db", "a\u200cb", "\u0301lone mark", "!\u0301?", " \u0301", "  two", "   three", "a   b", "a \n b", "a\n\n b", "\n \n", "end  ",
    "e" * 600, "the" * 300, "aáa" * 100, "\u0301" * 200, "😀" * 120, "[" * 100, "." * 101, " " * 100, "1" * 100, "pneumonoultramicroscopicsilicovolcanoconiosis " * 3,
    "ABCabc123!@#$%^&*()_+-=[]{}|;':\",./<>?`~\\", "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæ", "ˈoːɹ ˌoʊ ˈɜː θɪŋ ʃɪp", "https://example.org/a?b=c&d=e", "name@example.org",
    "ͅ", "ᾳͅ", "ǅ ǈ ǋ ǲ", "ⅷ ⓐ ª º ʰ", "K k ſ ẞ", "Ω Ω", "ʼn Ŀ ŀ", "ꙁ Ꙁ ა Ა", "Ꭰ ꭰ", "𐐀𐐨", "𝐀𝐛𝟘", "🄰 🅰", "\u0e33 \u0eb3", "กำ", "မြန်မာ", "ᚠᚢ", "ꀀꀁ",
]


def lines():
    """Every (text, language): each sentence plain, each language in every dress, and the edges in three languages."""
    made = []
    for language, sentences in SENTENCES.items():
        made += [(s, language) for s in sentences]
        for number, dress in enumerate(DRESS):
            made.append((dress(sentences[number % len(sentences)]), language))
    made += [(s, "ja") for s in KANJI]
    made += [(s, ("en", None, "ko", "zh", "fr")[i % 5]) for i, s in enumerate(EDGES)]
    made += [(s, "ja") for s in ["あ😀い", "「かな」……“テスト”です。", "ゝゞヽヾ ー ―ー", "カ゛か゛が", "abc♪def", "へはへは、はひふへほ", "A（B）Ｃ！", "한국어 русский ελ", "ꀀあ", "か\u3099\u3099"]]
    return made
