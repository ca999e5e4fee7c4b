"""A catalogue that does not fit is refused, and told where."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from policyenforce.errors import TermsError
from policyenforce.terms import Terms, contracting_party, privacy_versions, readings
from policyenforce.terms.readings import CATALOGUE

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """A copy of the shipped catalogue with one text of one file replaced."""
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)

    def replace(name: str, old: str, new: str) -> Path:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
        return folder

    return replace


def test_a_copy_of_the_catalogue_says_the_same(edit):
    folder = edit("general.toml", "chapter = 12", "chapter = 12")

    assert Terms.load(folder) == Terms.load(str(folder)) == Terms.load()
    assert readings(folder) == readings()
    assert privacy_versions(folder) == privacy_versions()
    assert privacy_versions(folder, zone=ZoneInfo("UTC"))[0].starts.tzinfo.key == "UTC"


def test_an_edited_catalogue_has_another_hash(edit):
    folder = edit("accounts.toml", "registers a single account", "has one account")

    assert Terms.load(folder).content_hash != Terms.load().content_hash


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        (
            "accounts.toml",
            "chapter = 4",
            "chapter = 4\ntitle = 'x'",
            r"accounts\.toml: unknown key `title`",
        ),
        (
            "accounts.toml",
            'kind = "condition"',
            'kind = "condition"\nbearer = "user"',
            r"accounts\.toml: statement `4\.1/s1`: unknown key `bearer`",
        ),
        (
            "accounts.toml",
            'kind = "condition"',
            'kind = "wish"',
            r"accounts\.toml: statement `4\.1/s1`: `kind` is `wish`.*duty, prohibition",
        ),
        ("accounts.toml", 'kind = "condition"\n', "", r"4\.1/s1`: the key `kind` is missing"),
        (
            "accounts.toml",
            'standard = "suspicion"',
            'standard = "hunch"',
            r"4\.1/s3`: `standard` is `hunch`.*none, suspicion, belief, fact",
        ),
        (
            "accounts.toml",
            'bearers = ["user"]',
            'bearers = "user"',
            r"`bearers` is `user`.*a list of texts",
        ),
        (
            "accounts.toml",
            'bearers = ["user"]',
            'bearers = ["user", "user"]',
            "a list without repetitions",
        ),
        ("accounts.toml", 'bearers = ["user"]', "bearers = []", "at least one bearer"),
        (
            "accounts.toml",
            'enforced_by = ["procedure:model.lifecycles"]',
            "enforced_by = []",
            r"4\.1/s1`: `enforced_by` is `nothing`",
        ),
        (
            "accounts.toml",
            '"check:registration"',
            '"check:weather"',
            "`enforced_by` is `check:weather`",
        ),
        ("accounts.toml", '"check:registration"', '"person: "', "`enforced_by` is `person: `"),
        ("accounts.toml", '"check:registration"', '"luck:x"', "`enforced_by` is `luck:x`"),
        ("accounts.toml", 'ref = "4.1/s2"', 'ref = "4.1/s1"', r"statement `4\.1/s1` stands twice"),
        (
            "accounts.toml",
            'ref = "4.1/s1"',
            'ref = "4,1"',
            r"accounts\.toml: statement `4,1`: `4,1` is no clause reference",
        ),
        ("accounts.toml", 'ref = "4.2"', 'ref = "5.99"', "write a clause of chapter 4"),
        (
            "accounts.toml",
            'grounds = ["4.1/s2", "4.1/s3"]',
            'grounds = ["4.9"]',
            r"`grounds` names `4\.9`",
        ),
        ("accounts.toml", '"duties of 3"', '"duties of 9"', "`grounds` names `duties of 9`"),
        (
            "accounts.toml",
            'grounds = ["4.1/s2", "4.1/s3"]\n',
            "",
            "grounds exactly where powers are",
        ),
        ("accounts.toml", '"T23=on"', '"T23=perhaps"', "`powers_when` is `T23=perhaps`"),
        ("accounts.toml", '"T23=on"', '"T99=on"', "`powers_when` is `T99=on`"),
        ("accounts.toml", '= ["suspend_account"]', '= ["exile"]', "`powers_when` is `exile`"),
        (
            "accounts.toml",
            'readings = ["T1", "T4", "T21", "T22"]',
            'readings = ["T77"]',
            "`readings` is `T77`",
        ),
        ("accounts.toml", "chapter = 4", "chapter = 0", "a whole number above zero"),
        ("accounts.toml", "chapter = 4", "chapter = true", "a whole number above zero"),
        ("accounts.toml", "chapter = 4", "chapter = ", r"accounts\.toml: not valid TOML"),
        ("accounts.toml", "[[statement]]", "[statement]", "Cannot|not valid TOML"),
        ("transactions.toml", "[[statement]]", "[statement]", r"\[\[statement\]\] tables"),
        ("breaches.toml", "reasonable = true", 'reasonable = "yes"', "write true or false"),
        ("users.toml", 'paraphrase = "Using', 'paraphrase = "" # ', "a text that is not empty"),
        (
            "users.toml",
            'kind = "duty"',
            'kind = "duty"\nversions = ["2001-01-01"]',
            "`versions` is `2001-01-01`",
        ),
        (
            "users.toml",
            "[statement.paraphrase_in]\n2019-09-12",
            "[statement.paraphrase_in]\n2018",
            "`paraphrase_in` is.*one text for each of",
        ),
        (
            "users.toml",
            'kind = "duty"\nstandard = "fact"\nenforced_by',
            'kind = "duty"\nstandard = "fact"\nparaphrase = "x"\nenforced_by',
            "one text for each of",
        ),
        (
            "users.toml",
            "[statement.paraphrase_in]",
            "paraphrase_in = 1\n[statement.x]",
            "`paraphrase_in` is `1`.*a table",
        ),
        (
            "users.toml",
            'kind = "duty"',
            'kind = "duty"\n[statement.powers_when]\n"T23=on" = []',
            "unknown key|is missing",
        ),
        ("versions.toml", "starts = 2019-10-04", "starts = 2019-10-03", "overlap"),
        ("versions.toml", "ends = 2019-10-04\n", "", "overlap"),
        ("versions.toml", "ends = 2019-10-04", "ends = 2019-09-12", "ends before it starts"),
        ("versions.toml", "starts = 2019-10-04", 'starts = "2019-10-04"', "write a date such as"),
        (
            "versions.toml",
            "starts = 2019-10-04",
            "starts = 2019-10-04T00:00:00Z",
            "write a date such as",
        ),
        ("versions.toml", 'id = "2019-10-04"', 'id = "2019-09-12"', "each with its own id"),
        (
            "versions.toml",
            '"Asia/Hong_Kong"',
            '"Nowhere"',
            r"versions\.toml: unknown time zone `Nowhere`",
        ),
        (
            "versions.toml",
            "[version.sites]",
            '[version.disabled_in]\n"9.9" = ["DE"]\n[version.sites]',
            r"`disabled_in` is `9\.9`",
        ),
        (
            "versions.toml",
            '"alibaba.com" = "alibaba"\n',
            "",
            "a host of the family `alibaba` that the parties name",
        ),
        ("versions.toml", "[version.sites]", "[version.places]", "unknown key `places`"),
        (
            "parties.toml",
            "[places]",
            "island = 1\n[places]",
            r"parties\.toml: unknown key `island`",
        ),
        ("parties.toml", 'origin = "mainland" }', 'origin = "moon" }', "`origin` is `moon`"),
        ("parties.toml", '["mainland", "hong_kong_macau"]', '["moon"]', "`outside` is `moon`"),
        ("parties.toml", 'entity = "hangzhou"', 'entity = "acme"', "has no entity for `acme`"),
        (
            "parties.toml",
            'entities = ["hangzhou", "hong_kong", "singapore"]',
            'entities = ["hangzhou", "hong_kong"]',
            "has no address for `singapore`",
        ),
        (
            "parties.toml",
            'entities = ["hangzhou"]',
            'entities = ["hong_kong"]',
            "version 2019-10-04 has no law for `hangzhou`",
        ),
        (
            "parties.toml",
            'entities = ["hangzhou"]',
            "entities = []",
            "an origin or entities, one of the two",
        ),
        ("parties.toml", 'when = [{ origin = "mainland" }]', "when = []", "at least one condition"),
        (
            "parties.toml",
            'when = [{ origin = "mainland" }]',
            'when = [{ planet = "x" }]',
            "unknown key `planet`",
        ),
        ("parties.toml", 'reading = "T16"', 'reading = "T66"', "`reading` is `T66`"),
        ("parties.toml", 'reading = "T16"', 'reading = "T23"', "`reading` is `on`"),
        ("parties.toml", 'street = "8 Shenton Way"\n', "", "the key `street` is missing"),
        ("readings.toml", 'id = "T2"', 'id = "T1"', "reading `T1` stands twice"),
        (
            "readings.toml",
            'default = "approval_blocks"',
            'default = "never"',
            r"readings\.toml: reading `T1`: `default` is `never`",
        ),
        ("readings.toml", 'on = "a milder', 'only = "a milder', "`default` is `on`"),
        ("readings.toml", "never = ", "# never = ", "at least two answers"),
    ],
)
def test_what_does_not_fit_is_named_with_file_and_key(edit, name, old, new, error):
    folder = edit(name, old, new)

    with pytest.raises(TermsError, match=error):
        Terms.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('id = "fax"', 'id = "contact"', "category `contact` stands twice"),
        ('id = "fax"', 'id = "fax"\nnote = "x"', "category `fax`: unknown key `note`"),
        ('versions = ["2017-09-28"]', 'versions = ["2016-01-01"]', "`versions` is `2016-01-01`"),
        ('region = "eea"', 'region = "moon"', "`region` is `moon`"),
        ("ends = 2018-05-25", "ends = 2018-05-26", "overlap"),
        ("[[category]]", "[[categories]]", "unknown key `categories`"),
    ],
)
def test_privacy_versions_are_as_strict(edit, old, new, error):
    folder = edit("privacy.toml", old, new)

    with pytest.raises(TermsError, match=error):
        privacy_versions(folder)


def test_a_folder_that_is_no_catalogue_is_an_error(tmp_path):
    with pytest.raises(TermsError, match=r"cannot read `versions\.toml`"):
        Terms.load(tmp_path)
    with pytest.raises(TermsError, match=r"cannot read `readings\.toml`"):
        readings(tmp_path / "absent")


def test_a_file_that_is_not_text_is_an_error(edit):
    folder = edit("general.toml", "chapter = 12", "chapter = 12")
    (folder / "general.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(TermsError, match=r"general\.toml: not valid TOML"):
        Terms.load(folder)


def test_powers_under_a_reading_need_powers_beside_them(edit):
    folder = edit(
        "transactions.toml",
        'powers = ["suspend_account", "terminate_account"]\ngrounds = ["7.5"]\n',
        'powers_when = { "T23=on" = ["suspend_account"] }\n',
    )

    with pytest.raises(TermsError, match="it only beside powers"):
        Terms.load(folder)


def test_a_version_without_hosts_is_an_error(edit):
    folder = edit(
        "versions.toml",
        '"alibaba.com" = "alibaba"\n"aliexpress.com" = "aliexpress"\n\n',
        "\n",
    )

    with pytest.raises(TermsError, match="at least one host and its family"):
        Terms.load(folder)


SMALL = {
    "versions.toml": """
        zone = "Europe/Lisbon"
        [[version]]
        id = "one"
        starts = 2024-01-01
        [version.sites]
        "bazaar.example" = "bazaar"
        [version.disabled_in]
        "1.2" = ["PT"]
    """,
    "parties.toml": """
        [places]
        home = ["PT"]
        [outside]
        abroad = ["home"]
        [[entity]]
        id = "bazaar"
        name = "Bazaar Lda"
        incorporated_in = "PT"
        [[rule]]
        id = "all"
        entity = "bazaar"
        displaces = true
        when = [{ origin = "home" }, { origin = "abroad" }]
        [[law]]
        id = "home"
        law = "PT"
        court = "Lisbon"
        origin = "home"
        [[address]]
        id = "bazaar"
        entities = ["bazaar"]
        attention = "Complaints"
        street = "Rua Nova 1"
        city = "Lisbon"
    """,
    "rules.toml": """
        chapter = 1
        [[statement]]
        ref = "1.1"
        bearers = ["member"]
        kind = "duty"
        standard = "fact"
        paraphrase = "Be kind."
        enforced_by = ["check:conduct"]
        [[statement]]
        ref = "1.2"
        bearers = ["platform"]
        kind = "right"
        standard = "belief"
        paraphrase = "Who is not may be suspended."
        powers = ["suspend_account"]
        grounds = ["duties of 1"]
        enforced_by = ["procedure:discipline.decide"]
    """,
}


@pytest.fixture
def bazaar(tmp_path: Path) -> Terms:
    """Another operator's Terms: one chapter, one company, no readings, no privacy policy."""
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text)
    return Terms.load(tmp_path)


def test_another_operator_s_terms_are_another_folder(bazaar):
    version = bazaar.in_force(datetime(2024, 1, 1, tzinfo=UTC))

    assert bazaar.readings == {}
    assert version.opening("1.1", "1.2").gate.standard.label == "belief"
    assert version.openings("1.2") == ()
    assert version.disabled("1.2", "PT")
    assert version.for_jurisdiction("PT").openings("1.1") == ()


def test_another_operator_s_party_needs_no_reading_and_no_policy(bazaar):
    party = contracting_party(bazaar.versions[0], origin="PT", site="bazaar")

    assert (party.entity.name, party.court, party.readings) == ("Bazaar Lda", "Lisbon", ())
    assert party.privacy_policies == ()
    with pytest.raises(TermsError, match="no governing law is set for `bazaar` and origin `ES`"):
        contracting_party(bazaar.versions[0], origin="ES", site="bazaar")


def test_nothing_in_the_code_knows_whose_terms_they_are():
    code = (
        "".join(path.read_text() for path in CATALOGUE.parent.glob("*.py"))
        .replace("'aliexpress'", "")
        .lower()
    )
    names = ("hangzhou alibaba", "singapore e-commerce", "yuhang", "causeway", "200720572d")

    assert not [name for name in names if name in code]
