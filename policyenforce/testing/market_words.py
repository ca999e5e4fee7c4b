"""The words of the example marketplace: names, towns, goods. All of them are invented."""

from __future__ import annotations

from attrs import frozen

FIRST_NAMES = (
    "Aino", "Arjun", "Bao", "Beatriz", "Celik", "Chidi", "Daria", "Dong", "Elif", "Emeka", "Fang",
    "Farid", "Gita", "Hana", "Hugo", "Ines", "Ivo", "Jing", "Juno", "Kamal", "Kira", "Lale", "Lin",
    "Luka", "Maren", "Mei", "Milo", "Nadia", "Nuri", "Olga", "Oskar", "Paola", "Petra", "Qiang",
    "Rosa", "Ruben", "Sana", "Seo", "Tariq", "Tomas", "Uma", "Vera", "Wei", "Xia", "Yara", "Yusuf",
    "Zeno", "Zofia",
)  # fmt: skip
LAST_NAMES = (
    "Abendrot", "Asgarov", "Birkholm", "Brackwater", "Cervera", "Dalgaard", "Dunmoor", "Ekwueme",
    "Fennimore", "Galindez", "Hartsook", "Ilvesto", "Jarnwick", "Kestrelov", "Lindqvale",
    "Marchetta", "Nightingall", "Okonwe", "Pellworth", "Quillmere", "Ravnsborg", "Saltmarsh",
    "Tanaki", "Ulvestad", "Vasquinho", "Wetherby", "Xanthou", "Yildirak", "Zimmerle", "Zhangwen",
    "Liangmo", "Huangfei", "Parkson", "Rinaldo", "Sorenso", "Thistleby",
)  # fmt: skip
HOUSES = (
    "Amberline", "Birchgate", "Cobaltway", "Dovetail", "Eastlark", "Fernhollow", "Goldreed",
    "Harborpine", "Inkwell", "Juniper", "Kitefield", "Larkmoor", "Millbrook", "Northwind",
    "Oakhaven", "Pinecrest", "Quarrystone", "Riverbend", "Silverfern", "Tidewater", "Umberland",
    "Velvetine", "Willowmark", "Yellowleaf", "Zephyrine",
)  # fmt: skip
TRADES = (
    "Lighting", "Textiles", "Ceramics", "Toys", "Bicycles", "Kitchenware", "Fasteners", "Audio",
    "Packaging", "Garden Tools", "Footwear", "Stationery", "Luggage", "Optics", "Furniture",
)  # fmt: skip
STREETS = (
    "Jasmine Road", "Lantern Street", "Mill Lane", "Orchard Avenue", "Quay Street",
    "Silk Street", "Station Road", "Teahouse Lane", "Weaver Street", "Windmill Way",
)  # fmt: skip


@frozen
class Place:
    """A country and a town in it; how companies there are called, and how many Members come."""

    country: str
    town: str
    company: str
    share: int


PLACES = (
    Place("CN", "Linhu", "Co., Ltd.", 30),
    Place("CN", "Baishan Port", "Co., Ltd.", 14),
    Place("HK", "Tsing Lok", "Limited", 9),
    Place("MO", "Praia Velha", "Limitada", 2),
    Place("US", "Cedar Falls Junction", "LLC", 7),
    Place("GB", "Netherwick", "Ltd", 5),
    Place("DE", "Altenfurt", "GmbH", 4),
    Place("ES", "Villarreal del Mar", "S.L.", 4),
    Place("BR", "Porto Calmo", "Ltda", 4),
    Place("IN", "Navapur", "Pvt Ltd", 5),
    Place("RU", "Belorechye", "OOO", 6),
    Place("KZ", "Aksuat", "TOO", 3),
    Place("BY", "Zaslonovo", "OOO", 2),
    Place("TR", "Yesilova", "A.S.", 3),
    Place("KR", "Haneul", "Co., Ltd.", 2),
)


@frozen
class Good:
    """What a listing sells: title and description with ``{variant}``, in a language, at a price."""

    title: str
    description: str
    variants: tuple[str, ...]
    price: int
    language: str = "en"


GOODS = (
    Good("LED desk lamp {variant}, dimmable", "A lamp for the desk with a {variant} arm. The box "
         "holds one lamp and one adapter. Warm and cold light.",
         ("white", "black", "oak"), 14),
    Good("Cotton bath towels {variant}, set of 4", "Four towels of combed cotton in {variant}. "
         "Washed at 60 degrees they keep their colour.", ("navy", "sand", "grey"), 11),
    Good("Stainless steel bottle {variant}", "The bottle keeps tea warm for ten hours and holds "
         "{variant}. It comes with a brush.", ("350 ml", "500 ml", "750 ml"), 6),
    Good("Wooden train set, {variant} pieces", "A train of beech wood for the nursery, {variant} "
         "pieces in a cotton bag.", ("36", "58", "92"), 19),
    Good("Bicycle pedals, {variant}, pair", "Sealed bearings and a body of {variant}. For road "
         "and city bicycles with a 9/16 inch thread.", ("aluminium", "nylon"), 9),
    Good("Stoneware bowls {variant}, set of 6", "Fired at 1250 degrees and glazed in {variant}. "
         "Fit for the dishwasher and the oven.", ("celadon", "cream", "indigo"), 17),
    Good("Hex bolts M8, {variant}, box of 200", "Bolts with {variant} for timber and frames. The "
         "strength class is stamped on the head.", ("zinc coating", "plain finish"), 12),
    Good("Bluetooth speaker {variant}", "A small speaker of {variant} with a battery for eight "
         "hours. The manual is in the box.", ("5W", "10W", "20W"), 13),
    Good("Corrugated boxes {variant}, bundle of 50", "Mailing boxes of double wall board, "
         "{variant}. They are delivered flat.", ("20x20x10 cm", "30x20x15 cm"), 16),
    Good("Pruning shears, {variant} grip", "Shears for roses and shrubs with a {variant} grip and "
         "a spare spring.", ("red", "green"), 7),
    Good("Canvas shoes {variant}", "Light shoes for the summer in {variant}. Sizes 36 to 45; order "
         "by the table in the photos.", ("white", "navy", "olive"), 8),
    Good("Fountain pen {variant} nib", "A pen with a {variant} nib of steel and a converter for "
         "bottled ink.", ("fine", "medium", "broad"), 10),
    Good("Travel backpack {variant}", "A backpack of {variant} with a pocket for a laptop and a "
         "cover against rain.", ("25 L", "32 L", "40 L"), 21),
    Good("Reading glasses {variant}", "Light frames with lenses of {variant}. A case and a cloth "
         "are in the box.", ("+1.0", "+1.5", "+2.0"), 5),
    Good("Folding chair, {variant}", "A chair for garden and balcony made of {variant}, folded in "
         "one move.", ("acacia", "steel", "bamboo"), 18),
    Good("Lámpara de mesa {variant}", "Una lámpara con pantalla de {variant} para el salón y la "
         "oficina. Incluye la bombilla.", ("lino", "papel"), 15, "es"),
    Good("Toallas de algodón {variant}", "Juego de cuatro toallas de color {variant} para el baño. "
         "Se lavan a 60 grados.", ("azul", "gris"), 12, "es"),
    Good("Настольная лампа, {variant}", "Лампа для рабочего стола, цвет {variant}. В коробке одна "
         "лампа и блок питания.", ("белый", "чёрный"), 14, "ru"),
    Good("陶瓷茶具套装 {variant}", "六件套陶瓷茶具，颜色为{variant}，适合家庭和办公室使用。",
         ("白色", "青色"), 20, "zh"),
    Good("Gartenschere mit {variant} Griff", "Die Schere ist für Rosen und Sträucher, mit "
         "{variant} Griff und einer Feder als Ersatz.", ("rotem", "grünem"), 8, "de"),
)  # fmt: skip

FLAWED = (
    ("Handbags 1:1 copy top grade", "AAA quality handbags, ask for the catalogue of the season."),
    ("Tea of seven herbs", "This herbal tea cures cancer and diabetes, drink two cups a day."),
    ("Kitchen scale", "For a better price pay outside the platform, directly to our bank account."),
    ("Wholesale phone cases", "Contact us on WhatsApp for price list and order directly with us."),
    ("Diploma frames", "We also make fake diplomas and a forged bank statement on request."),
    ("Garden fertiliser", "Buy verified AliExpress seller accounts from us, all with feedback."),
    ("Car chargers", "Leave Alibaba and join our own B2B marketplace, no commission."),
    ("USB tools", "FUD crypter and keylogger for sale, undetectable, licence monthly."),
)
"""Listings that a moderator would stop; two or three in a hundred Members hand one in."""

PRAISE = (
    "Arrived in time and as described.", "Well packed, the colour is right.",
    "Good quality for the price.", "The seller answered within a day.", "Would buy again.",
)  # fmt: skip
GRUMBLES = (
    "Smaller than I thought.", "Came two days late.", "The box was dented, the goods were fine.",
)  # fmt: skip
