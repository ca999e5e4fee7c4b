"""The guess at a language: sure or silent."""

from __future__ import annotations

import pytest

from policyenforce.checks.user_content.language import languages, script_of
from policyenforce.checks.user_content.screen import Screen


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("We sell all of the parts for your car and ship with care", ("en",)),
        ("Vendemos las piezas de su coche y el envío es gratis para los clientes", ("es",)),
        ("Nous vendons des pièces pour votre voiture et la livraison est gratuite", ("fr",)),
        ("Wir verkaufen die Teile für das Auto und der Versand ist gratis", ("de",)),
        ("Bu ürün çok iyi ve bir kutu ile geliyor", ("tr",)),
        ("Мы продаём запчасти", ("ru",)),
        ("Ми продаємо запчастини і їх", ("uk",)),
        ("我们出售汽车零件", ("zh",)),
        ("車の部品を売っています", ("ja",)),
        ("자동차 부품을 판매합니다", ("ko",)),
        ("نبيع قطع غيار السيارات", ("ar",)),
        ("אנחנו מוכרים חלקי רכב", ("he",)),
        ("เราขายชิ้นส่วนรถยนต์", ("th",)),
        ("हम कार के पुर्जे बेचते हैं", ("hi",)),
        ("Πουλάμε ανταλλακτικά", ("el",)),
        ("Bluetooth speaker 10W", ()),
        ("iPhone 13 Pro Max 256GB", ()),
        ("", ()),
        ("12345 !!!", ()),
        ("Tea 茶", ()),
    ],
)
def test_a_language_is_named_only_when_it_shows(text: str, codes: tuple[str, ...]) -> None:
    assert languages(text) == codes


def test_a_text_in_two_scripts_has_two_languages() -> None:
    text = "The price is for you and the team. Мы продаём запчасти для всех"

    assert set(languages(text)) == {"en", "ru"}


def test_what_no_pack_covers_is_named_and_a_label_never_hides_a_language() -> None:
    screen = Screen()
    arabic = {"title": "نبيع قطع غيار السيارات"}

    assert screen.uncovered(arabic) == ("ar",)
    assert screen.uncovered(arabic, "en") == ("ar",)
    assert screen.uncovered({"title": "Lamp"}, "fr-CA") == ("fr",)
    assert screen.uncovered({"title": "Lamp"}, "en") == ()
    assert screen.uncovered({"title": "Мы продаём запчасти"}) == ()


def test_only_letters_have_a_script() -> None:
    assert script_of("a") == "LATIN"
    assert script_of("7") == ""
