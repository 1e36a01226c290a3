"""The card web page, `rights-line card` and `rights-line qr`."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rights_line.cards import SCALE, card_of, page_url, pdf, qr_width, sms_text
from rights_line.content import ContentSources
from rights_line.content.catalogs import Catalog
from rights_line.library import ROOT
from rights_line.library.site import Site
from tests.support import paper
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cards import (
    ENVIRON,
    NUMBER,
    SHOWN,
    SPOKEN,
    URL,
    USSD,
    expected_faces,
)
from tests.support.cli import Done, run, run_python
from tests.support.markup import readable_text
from tests.support.sites import site_client, site_of
from tests.support.wording import AVOIDED

OWN_NAMES = ("Українська", "ትግርኛ", "Polski", "العربية", "Tiếng Việt")
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"""


def printed(*arguments: str, **more: str) -> Done:
    """Run a command of a line with a number, a USSD code and a public address."""
    return run(*arguments, where=ROOT, **ENVIRON | more)


def test_card_page_has_the_text_of_the_printed_card(site: Site) -> None:
    """In the same order, in every language, with both QR codes and no style attribute."""
    client = site_client(site)
    for tag in SPOKEN:
        response = client.get(f"/card/{tag}")
        seen, at = readable_text(response.text), 0
        faces = expected_faces(card_of(site, tag))
        codes = ["SMS", "www"]
        for part in (line for face in ("cover", "first", "second") for line in faces[face]):
            at = seen.index(part, at) + len(part)
        assert response.status_code == 200
        assert AVOIDED.findall(seen) == []
        assert response.text.count("<svg ") == len(codes)
        assert "style=" not in response.text
        assert f'lang="{tag}"' in response.text


def test_card_page_with_more_languages_has_sheets_of_four(site: Site) -> None:
    """First the outsides of a sheet, then its insides."""
    page = site_client(site).get("/card/uk?with=ti&with=pl&with=uk&with=ar&with=vi").text
    sheets = [
        re.findall(r"<(?:h1|p) ?[^>]*>([^<]*)</(?:h1|p)>", part)
        for part in page.split('class="sheet"')[1:]
    ]
    named = [[name for name in sheet if name in OWN_NAMES] for sheet in sheets]
    first = ["Українська", "ትግርኛ", "Polski", "العربية"]
    assert named == [first, first, ["Tiếng Việt"], ["Tiếng Việt"]]
    assert site_client(site).get("/card/uk?with=xx").status_code == 404


def test_card_page_without_texts_or_contact_route_is_404(site: Site) -> None:
    """A language without texts, an unknown one, and a site without number and address."""
    assert site_client(site).get("/card/xx").status_code == 404
    nowhere = site_client(replace(site, number="", public_url="")).get("/card/pl")
    assert nowhere.status_code == 404
    assert "RIGHTS_LINE_NUMBER" in nowhere.text
    assert "POLSKI" not in nowhere.text


def test_card_without_a_number_has_only_the_address(site: Site) -> None:
    """No keyword, no USSD code and no price of a text message."""
    card = card_of(replace(site, number="", ussd=""), "pl")
    seen = readable_text(site_client(replace(site, number="", ussd="")).get("/card/pl").text)

    assert card.codes == {"www": f"{URL}/pl/"}
    assert "line.example.org/pl/" in seen
    assert card.phrases["delete"].text in seen
    unsaid = [card.phrases[name].text for name in ("cost", "by_sms")]
    for absent in ("POLSKI", "USSD", SHOWN, *unsaid):
        assert absent not in seen
    assert f"1 {card.topics[0][1]}" in seen


def test_card_of_a_draft_where_only_approved_texts_are_served_has_bare_numbers(
    small_folder: Path,
) -> None:
    """The card of an approved language is complete, and not marked as a draft."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    sources = ContentSources(small_folder)
    site = site_of(sources, "approved", number=NUMBER, ussd=USSD, public_url=URL)
    polish, arabic = card_of(site, "pl"), card_of(site, "ar")
    seen = readable_text(site_client(site).get("/card/ar").text)

    assert "draft" not in polish.phrases
    assert polish.number
    assert (arabic.topics, arabic.number, arabic.ussd, arabic.codes) == ((), "", "", {})
    assert [line.spans[0].text for line in arabic.helplines] == ["112", "22 33 11 60", "116 111"]
    assert "(under 18)" in seen
    assert "ARABI" not in seen


def test_card_with_an_untranslated_phrase_has_it_in_english(small_root: Path) -> None:
    sources, lacking = ContentSources(small_root), ContentSources(small_root)
    language = sources.languages["pl"]
    fewer = {key: text for key, text in language.catalog.translations.items() if key[0] != "cost"}
    lacking.languages["pl"] = replace(language, catalog=Catalog(fewer))
    phrases = card_of(site_of(lacking, number=NUMBER), "pl").phrases

    assert phrases["cost"] == (sources.content.phrases["cost"], "en")
    wanted = language.translate("delete", sources.content.phrases["delete"])
    assert phrases["delete"] == (wanted, "pl")


def test_card_from_right_to_left_has_numbers_in_groups(site: Site) -> None:
    """A number is isolated, so its spaces cannot turn its groups round."""
    card, page = card_of(site, "ckb"), site_client(site).get("/card/ckb").text
    numbers = [
        (span.text, span.href) for line in card.helplines for span in line.spans if span.is_number
    ]

    assert numbers == [
        ("112", "tel:112"),
        ("22 33 11 60", "tel:+4722331160"),
        ("116 111", "tel:116111"),
    ]
    assert f'<span lang="ckb" dir="rtl">{card.phrases["cost"].text}</span>' in page


def test_card_number_is_grouped_in_pairs_if_norwegian(site: Site) -> None:
    """Others are printed as they were set; the QR code ignores the spaces."""
    shown = {
        given: card_of(replace(site, number=given), "ar").number
        for given in (NUMBER, "2440", "+46701234567", "+47 594 40 000")
    }
    assert shown.pop(NUMBER) == SHOWN
    assert all(given == printed for given, printed in shown.items())
    assert sms_text("+47 594 40 000", "POLSKI") == sms_text(NUMBER, "POLSKI")


def test_card_command_with_an_emergency_number_prints_nothing() -> None:
    done = printed("card", "pl", "--out", "never.pdf", RIGHTS_LINE_NUMBER="112")
    assert done.returncode == 1
    assert "RIGHTS_LINE_NUMBER: must be " in done.stderr
    assert not Path("never.pdf").exists()


def test_card_command_without_number_and_address_is_refused() -> None:
    done = run("card", "pl", "--out", "never.pdf", RIGHTS_LINE_SERVE="drafts")
    assert done.returncode == 1
    assert "a card needs a number or an address" in done.stderr


def test_card_command_creates_the_folder_and_names_unapproved_languages(tmp_path: Path) -> None:
    """It refuses a language without texts, and a folder as the file."""
    file = tmp_path / "to" / "print" / "cards.pdf"
    done = printed("card", "pl", "--out", str(file), RIGHTS_LINE_SERVE="approved")
    assert done.returncode == 0
    assert "pl is not approved: its card has the helplines only" in done.stderr
    paper.required()
    seen = [word for word, _ in paper.words(file, 2)]
    bare = "Polski 112 (fare/danger) 22 33 11 60 (hjelp/help 24h) 116 111 (under 18)"
    assert " ".join(seen[: len(seen) // 4]) == bare
    unknown = printed("card", "pl", "xx", "--out", str(file), RIGHTS_LINE_SERVE="approved")
    assert unknown.returncode == 1
    assert "Unknown language: xx. Use one of: nb, en," in unknown.stderr
    unwritable = printed("card", "pl", "--out", str(tmp_path), RIGHTS_LINE_SERVE="approved")
    assert (unwritable.returncode, "Is a directory" in unwritable.stderr) == (1, True)


def test_card_command_without_weasyprint_prints_one_line_with_the_fix(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    done = printed("card", "pl", "--out", str(tmp_path / "cards.pdf"))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "`make print-tools`" in line


def test_card_command_with_a_missing_font_is_refused_with_the_fix(tmp_path: Path) -> None:
    """A host with only the Latin font would print boxes in place of Thai."""
    paper.required()
    for style in ("Regular", "Bold"):
        found = paper.run("fc-match", "-f", "%{file}", f"Noto Sans:style={style}")
        (tmp_path / Path(found).name).symlink_to(found)
    (tmp_path / "fonts.conf").write_text(FONTCONFIG.format(folder=tmp_path))
    command = "import sys; from rights_line.cli import main; sys.exit(main())"
    environ = {**os.environ, **ENVIRON, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    card = ("card", "pl", "th", "--out", tmp_path / "cards.pdf")
    code, said = run_python(environ, "-c", command, *card)
    assert code == 1
    assert "Noto Sans Thai: is not installed. Install the Noto fonts: apt install" in said
    assert not (tmp_path / "cards.pdf").exists()


def test_qr_command_writes_png_and_svg_for_each_language(tmp_path: Path) -> None:
    """File names reveal nothing; without a language it writes the code of the home page."""
    done = [
        printed("qr", *tags, "--out", str(tmp_path), CHANNELS="twilio_voice")
        for tags in (("pl", "ti"), ())
    ]
    wanted = {
        "pl-sms": f"SMSTO:{NUMBER}:POLSKI",
        "pl-call": f"tel:{NUMBER},,9",
        "pl-www": f"{URL}/pl/",
        "ti-sms": f"SMSTO:{NUMBER}:TIGRINYA",
        "ti-call": f"tel:{NUMBER},,5",
        "ti-www": f"{URL}/ti/",
        "www": f"{URL}/",
    }
    lines = [f"{name}: {text}" for name, text in wanted.items()]
    assert "".join(one.stdout for one in done).splitlines() == lines
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{kind}" for name in wanted for kind in ("png", "svg")
    }
    paper.required()
    for name, text in wanted.items():
        assert paper.run("zbarimg", "-q", "--raw", tmp_path / f"{name}.png").strip() == text
        drawing = (tmp_path / f"{name}.svg").read_text()
        assert f'width="{SCALE * qr_width(text)}"' in drawing


def test_qr_code_has_a_margin_of_four_modules_and_fits_the_card() -> None:
    """ISO/IEC 18004 requires the margin on each side."""
    assert qr_width(sms_text(NUMBER, "POLSKI")) == 25 + 2 * 4
    assert qr_width(page_url(URL, "zh-Hans")) <= pdf.MAX_QR_MODULES
