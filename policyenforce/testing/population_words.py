"""The names, places and numbers of a simulated population; nobody real is meant.

Every value is drawn from a `random.Random` that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from attrs import frozen


@frozen
class Region:
    """How people, firms, places and numbers are written in one country."""

    code: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    endings: tuple[str, ...]  # of family names, which are put together from two parts
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    postcode: str  # 9 stands for a digit, A for a letter
    calling: str
    trunk: str
    mobile: tuple[str, ...]  # shapes of national numbers, 9 stands for a digit
    forms: tuple[str, ...]
    registration: str
    bank: str
    weight: int


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CHINESE = _words(
    "wei fang na min jing li qiang lei jun yang yong yan jie tao ming chao xiu xia ping gang gui "
    "hui ling hua yu bo xin lin kai rui hao zhi peng fei dong mei qing shan wen xiang hong bin"
)
_SYLLABLES = tuple(one + other for one in _CHINESE for other in ("", *_CHINESE[::3]))
_ENGLISH = _words(
    "james mary john linda robert susan michael karen david lisa daniel nancy mark betty paul "
    "helen steven sandra andrew donna george carol brian ruth kevin sharon jason laura gary "
    "sarah eric emma adam grace peter alice ryan julia scott anna frank rose henry clara "
    "oscar ivy hugo nora"
)
_SLAVIC = _words(
    "aleksandr olga sergey elena dmitry natalia andrey irina aleksey tatiana ivan svetlana mikhail "
    "anna maksim maria evgeny yulia nikolay ekaterina pavel oksana viktor ludmila roman daria igor"
)
_LATIN = _words(
    "jose maria juan ana luis carmen carlos laura antonio marta manuel elena francisco paula pedro "
    "sara miguel lucia rafael silvia joao beatriz marco giulia luca chiara paolo francesca andrea "
    "matteo claude martine pierre sophie jean isabelle"
)
_TURKISH = _words("mehmet ayse mustafa fatma ahmet emine ali hatice huseyin zeynep hasan elif can")
_INDIAN = _words(
    "rahul priya amit anjali rohit pooja sanjay neha vijay kavita arjun deepa ravi sunita manoj "
    "rekha suresh meena anil lata kiran nisha"
)
_ASIAN = _words(
    "minh linh hoang thu tuan lan duc mai somchai malee anan kanya hiroshi yuko kenji akiko jiho "
    "soyeon minjun haeun takashi naoko"
)
_ENDINGS = _words("son ton ley man er wood field ford well by ham stone worth brook land more")
_STEMS = _words(
    "har wil rob jack thom and rich mor wal whit ed gar rich carl ash brad clif dal ell fen gold "
    "hol ing kel lang mil nor oak pres quin rad sel tal under var west york zel bar cor dun fair"
)
_TOWN = _words("north south east west new old upper lower great little")
_PLACES = _words("haven bridge market harbour hill valley port field mouth bury ford cross")
_CITIES = tuple(f"{one}{other}" for one in _TOWN for other in _PLACES)
_STREETS = _words("station church mill park victoria king queen high bridge garden river school")

REGIONS = (
    Region("CN", _SYLLABLES, _CHINESE, ("",), _CITIES[:60], _words("renmin jiefang zhongshan "
           "jianshe heping xinhua wenhua"), "999999", "86", "", ("13999999999", "15899999999",
           "18699999999"), ("Co., Ltd.", "Trading Co., Ltd", "Import & Export Co., Ltd."),
           "91999999AA99999999", "6222999999999999999", 34),
    Region("HK", _SYLLABLES, _CHINESE, ("",), _CITIES[:6], _words("nathan queens canton hennessy"),
           "", "852", "", ("59999999", "69999999", "99999999"), ("Limited", "Ltd"), "99999999",
           "999-999999-999", 4),
    Region("US", _ENGLISH, _STEMS, _ENDINGS, _CITIES, _STREETS, "99999", "1", "",
           ("2029999999", "4159999999", "6469999999"), ("Inc.", "LLC", "Corp"), "99-9999999",
           "999999999999", 10),
    Region("GB", _ENGLISH, _STEMS, _ENDINGS, _CITIES, _STREETS, "AA9 9AA", "44", "0",
           ("7799999999", "7899999999"), ("Ltd", "Limited", "PLC"), "09999999",
           "GB99NWBK99999999999999", 6),
    Region("DE", _ENGLISH, _STEMS, _words("mann er berg hof stein bach"), _CITIES, _STREETS,
           "99999", "49", "0", ("15199999999", "17699999999"), ("GmbH", "UG", "KG"), "HRB 99999",
           "DE99999999999999999999", 6),
    Region("FR", _LATIN, _STEMS, _words("eau ard ier on elle"), _CITIES, _STREETS, "99999", "33",
           "0", ("699999999", "799999999"), ("SARL", "SAS"), "999999999",
           "FR9999999999999999999999999", 4),
    Region("IT", _LATIN, _STEMS, _words("ini elli etti oni aro"), _CITIES, _STREETS, "99999", "39",
           "", ("3399999999", "3479999999"), ("S.r.l.", "SpA"), "99999999999",
           "IT99A9999999999999999999999", 4),
    Region("ES", _LATIN, _STEMS, _words("ez era al osa"), _CITIES, _STREETS, "99999", "34", "",
           ("699999999", "659999999"), ("S.L.", "S.A."), "B99999999",
           "ES9999999999999999999999", 4),
    Region("RU", _SLAVIC, _STEMS, _words("ov ev in sky enko"), _CITIES, _STREETS, "999999", "7",
           "8", ("9169999999", "9259999999"), ("OOO", "ZAO"), "1099999999999",
           "40817810999999999999", 8),
    Region("UA", _SLAVIC, _STEMS, _words("enko uk chuk"), _CITIES, _STREETS, "99999", "380", "0",
           ("509999999", "679999999"), ("TOV",), "99999999", "UA999999999999999999999999999", 2),
    Region("PL", _SLAVIC, _STEMS, _words("ski wicz ak czyk"), _CITIES, _STREETS, "99-999", "48",
           "", ("509999999", "609999999"), ("Sp. z o.o.",), "999999999",
           "PL99999999999999999999999999", 2),
    Region("TR", _TURKISH, _STEMS, _words("oglu er kaya"), _CITIES, _STREETS, "99999", "90", "0",
           ("5329999999", "5429999999"), ("Ltd. Sti.", "A.S."), "999999",
           "TR999999999999999999999999", 4),
    Region("IN", _INDIAN, _STEMS, _words("kar wala iya an"), _CITIES, _STREETS, "999999", "91",
           "0", ("9899999999", "8899999999"), ("Pvt Ltd", "LLP"), "U99999AA2019PTC999999",
           "99999999999999", 6),
    Region("VN", _ASIAN, _STEMS, ("",), _CITIES, _STREETS, "999999", "84", "0",
           ("909999999", "389999999"), ("Co., Ltd",), "9999999999", "9999999999999", 3),
    Region("BR", _LATIN, _STEMS, _words("eira es ao osa"), _CITIES, _STREETS, "99999-999", "55",
           "0", ("11999999999", "21989999999"), ("Ltda", "EIRELI"), "99999999999999",
           "9999-999999-9", 3),
)  # fmt: skip

PROVIDERS = (
    "gmail.com", "gmail.com", "gmail.com", "qq.com", "163.com", "hotmail.com", "outlook.com",
    "yahoo.com", "mail.ru", "icloud.com", "126.com", "foxmail.com", "googlemail.com",
)  # fmt: skip
TRADES = _words(
    "textile bright golden star ocean jade lotus silk alpha dragon summit delta prime union "
    "global sun royal pioneer crystal orient horizon metro nova apex vertex lumen cedar "
    "falcon tiger pearl amber maple granite coral ember willow orchid zenith quantum atlas "
    "meridian cobalt saffron"
)
GOODS = _words(
    "electronics toys shoes lighting tools furniture packaging garments machinery plastics "
    "ceramics jewelry auto sports kitchen stationery hardware optics foods chemicals"
)
DUMMIES = {
    "phone": ("000000", "1234567890", "n/a", "0"),
    "email": ("test@test.com", "n/a", "none@none.com"),
    "device_id": ("unknown", "00000000-0000-0000-0000-000000000000", "null"),
    "cookie_id": ("undefined",),
    "ip": ("0.0.0.0", "127.0.0.1", "10.0.0.1"),
    "card_token": ("null", "0000"),
    "bank_account": ("0000000000", "n/a"),
    "registration_number": ("n/a", "000000", "-"),
    "company_name": ("n/a", "none", "-"),
}
"""What people and forms write where there is nothing."""


def skewed(rng: Random, words: Sequence[str]) -> str:
    """One of the words, the first ones far more often."""
    return words[int(len(words) * rng.random() ** 2)]


def shaped(rng: Random, shape: str) -> str:
    """A number of this shape: 9 is any digit, A any capital.

    >>> shaped(Random(1), "AA-99")[2]
    '-'
    """
    random = rng.random
    return "".join(
        str(int(random() * 10)) if c == "9" else chr(65 + int(random() * 26)) if c == "A" else c
        for c in shape
    )
