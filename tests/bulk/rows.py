"""Rows of account details for tests: every shape that people, forms and programs write."""

from __future__ import annotations

import random
from collections.abc import Callable

import phonenumbers

COLUMNS = (
    "email", "phone", "device_id", "cookie_id", "ip", "card_token", "bank_account",
    "registration_number", "company_name", "first_name", "last_name", "address", "postcode",
    "city", "country",
)  # fmt: skip
Row = dict[str, str | None]

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
NOTHING = (
    "n/a", "NULL", "none", "-", "", "  ", "test", "N / A", "unknown", "x", "0", "undefined", "no",
    "na", "nan", "Not Available", "nóne", "ｎｏｎｅ",
)  # fmt: skip
COUNTRIES = ("ZZ", "xx", "china", "", None, "cn", " de ", "RO", "DE", "AT", "CH", "BY", *REGIONS)
DOMAINS = (
    "gmail.com", "googlemail.com", "yahoo.com", "ya.ru", "yandex.com", "pm.me", "qq.com", "x.de",
    "na.com", "test.com", "outlook.com", "icloud.com", "me.com", "firm.co.uk", "a.b.c.d.e.com",
    "bücher.de", "abc.com", "1.1", "a.com", "111.com", "fastmail.com", "GMAIL.COM",
)  # fmt: skip
LOCALS = (
    "noreply", "na", "test", "no.reply", "info", "sales2", "support", "contact1", "none", "a",
    "111", "123456", "abc", "export99", "x", "~ana", "İ", "ü.+x", "n@u", "_~0",
)  # fmt: skip
WORDS = (
    "Lotus", "Trading", "Co.,", "Ltd.", "Ltd", "LLC", "S.A.", "B.V.", "GmbH", "Co", "sa", "ООО",
    "Ромашка", "Müller", "杭州", "莲花贸易有限公司", "股份有限公司", "삼성", "주식회사", "de",
    "l'Étoile", "&", "-", "(China)", "3M", "z o.o.", "株式会社", "n", "a", "No", "null", "Aannee",
    "lee", "book", "ａｂｃ", "Ærø", "Łódź", "ı", "İ", "ß", "O'Neil", "王", "丽", "王丽", "٣",
    "一.二", "x.有", "有a.b", "_x.y", "»S．A", "☎", "½", "１２号，", "=\u0338", "\u0345", "ŉ",
    "Ǆ", "㍿",
)  # fmt: skip
NUMBERS = (
    "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "732 829 320", "HRB 11223 Aachen",
    "CHE-116.281.710", "116281710", "0201724-4", "J40/8302/1997", "J5/2750/2012", "122119m",
    "FN 122119m", "91110000600037341L", "25123891", "1400057391", "200988541", "УНП 200988541",
    "FR: 732829320", "de:HRB 12", "IT00743110157", "J2012000750528", "Aachen HRA 11223",
)  # fmt: skip
DEVICES = ("0000-0000", "9774D56D682E549C", "[object Object]", " D-1 ", "12345", "true", "~d-1")


class Shapes:
    """Rows made from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self, letters: str, least: int, most: int) -> str:
        """So many of the letters."""
        return "".join(self.random.choices(letters, k=self.random.randint(least, most)))

    def any_text(self, most: int = 16) -> str:
        """Letters of any script, marks, and what cannot be seen."""
        spans = ((32, 126), (0, 0x2FF), (0x300, 0x36F), (0x370, 0x2FFF), (0x3000, 0x9FFF))
        spans += ((0xAC00, 0xD7A3), (0xF900, 0xFFFF), (0x200B, 0x200F), (0x1F100, 0x1F1FF))
        length = self.random.randint(0, most)
        return "".join(chr(self.random.randint(*self.random.choice(spans))) for _ in range(length))

    def email(self, _: str | None) -> str:
        """A mailbox, or nearly one."""
        local = self.text("abcxyzABC0123456789._-+%'", 1, 14)
        if self.random.random() < 0.3:
            local = self.random.choice(LOCALS)
        return f"{local}@{self.random.choice(DOMAINS)}{self.random.choice(('', '', ' '))}"

    def phone(self, country: str | None) -> str:
        """A number of the country, one digit of it changed, or digits in any order."""
        shape = self.random.random()
        example = phonenumbers.example_number_for_type(country, self.random.randint(0, 3))
        if shape < 0.4 and country in REGIONS and example is not None:
            told = phonenumbers.format_number(example, self.random.randint(0, 2))
            place = self.random.randrange(len(told))
            told = told[:place] + self.random.choice("0123456789 ") + told[place + 1 :]
            if shape < 0.15:
                return told.replace("+", self.random.choice(("00", "0", "+0", "011", "810")))
            return told if shape < 0.3 else "".join(filter(str.isdecimal, told))
        start = self.random.choice(("+", "+", "", "0", "8", "1", "00", "011", "86", "7", "+86 1"))
        if shape < 0.9:
            return start + self.text(self.random.choice(("0123456789", "0123456789 -.()/+")), 3, 14)
        return start + self.random.choice("0123456789") * self.random.randint(5, 12)

    def ip(self, _: str | None) -> str:
        """A network address, or nearly one."""
        if self.random.random() < 0.5:
            edges = (0, 1, 10, 100, 127, 172, 192, 168, 169, 254, 255, 256, 203, 64, 16, 31, 32)
            return ".".join(str(self.random.choice(edges)) for _ in range(4))
        groups = ("0", "1", "00ab", "fe80", "fd00", "2001", "0db8", "ffff", "A1", "12345", "")
        return ":".join(self.random.choices(groups, k=self.random.randint(2, 9)))

    def number(self, _: str | None) -> str:
        """The number of a register or a bank."""
        if self.random.random() < 0.3:
            return self.random.choice(NUMBERS)
        start = self.random.choice(
            ("", "", "HRB", "FN", "CHE", "IT", "UNP", "DK", "CZ", "J", "FR:")
        )
        end = self.random.choice(("", "", "A", "m", " Aachen", " Köln", "/2012"))
        return start + self.text("0123456789 -./", 3, 16) + end

    def words(self, _: str | None = None) -> str:
        """Words of companies, persons and places."""
        parts = self.random.choices(WORDS, k=self.random.choice((1, 1, 2, 2, 3, 4, 6)))
        return self.random.choice((" ", "  ", ", ", "")).join(parts)

    def line(self, _: str | None) -> str:
        """An address line."""
        return f"{self.words()} {self.text('0123456789', 0, 4)}"

    def postcode(self, _: str | None) -> str:
        """A postcode."""
        return self.text("0123456789AB -", 2, 8)

    def opaque(self, _: str | None) -> str:
        """An id that a program made."""
        return self.random.choice((self.text("0123456789abcdefABCDEF-", 1, 36), *DEVICES))

    def row(self) -> Row:
        """One account."""
        country = self.random.choice(COUNTRIES)
        told: Row = {column: self._told(MADE[column], country) for column in COLUMNS[:-1]}
        return {**told, "country": country}

    def _told(self, make: Callable[[Shapes, str | None], str], country: str | None) -> str | None:
        chance = self.random.random()
        if chance < 0.05:
            return None
        if chance < 0.1:
            return self.random.choice(NOTHING)
        text = self.any_text() if chance < 0.2 else make(self, country)
        return text.encode("utf-8", "ignore").decode()


MADE: dict[str, Callable[[Shapes, str | None], str]] = {
    "email": Shapes.email,
    "phone": Shapes.phone,
    "device_id": Shapes.opaque,
    "cookie_id": Shapes.opaque,
    "ip": Shapes.ip,
    "card_token": Shapes.opaque,
    "bank_account": Shapes.number,
    "registration_number": Shapes.number,
    "company_name": Shapes.words,
    "first_name": Shapes.words,
    "last_name": Shapes.words,
    "address": Shapes.line,
    "postcode": Shapes.postcode,
    "city": Shapes.words,
}
