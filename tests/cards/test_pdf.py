"""Keyword cards read back from the PDF: text, numbers, QR codes, margins and the outside."""

import re
import unicodedata
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from rights_line.cards import ROWS, card_of, pdf
from rights_line.content import ContentSources
from rights_line.core.screen import Phrase
from rights_line.errors import ConfigurationError
from rights_line.library import ROOT
from rights_line.library.site import Site
from tests.support import paper
from tests.support.cards import NUMBER, SHOWN, SPOKEN, URL, expected_faces
from tests.support.markup import bare
from tests.support.paper import Area
from tests.support.wording import AVOIDED


class Printed:
    """A PDF of some cards."""

    def __init__(self, site: Site, tags: list[str], folder: Path) -> None:
        self.tags, self.folder = tags, folder
        self.cards = {tag: card_of(site, tag) for tag in tags}
        self.file = folder / "cards.pdf"
        self.file.write_bytes(pdf.cards_pdf(list(self.cards.values())))

    def face(self, tag: str, name: str) -> tuple[int, Area]:
        """Return the page and the area of a face.

        The first face is on the right in right-to-left languages; the cover is on its back.
        """
        number, row = divmod(self.tags.index(tag), ROWS)
        rtl = self.cards[tag].language.direction == "rtl"
        column = (name in ("second", "cover")) != rtl
        left = (210 - 2 * pdf.WIDTH) / 2 + column * pdf.WIDTH
        top = (297 - ROWS * pdf.HEIGHT) / 2 + row * pdf.HEIGHT
        page = 2 * number + (1 if name in ("cover", "back") else 2)
        return page, Area(left, top, pdf.WIDTH, pdf.HEIGHT)

    def text(self, tag: str, name: str) -> str:
        rtl = self.cards[tag].language.direction == "rtl"
        return paper.text(self.file, *self.face(tag, name), rtl)


@pytest.fixture(scope="module")
def printed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Every language as a card."""
    paper.required()
    return Printed(site, SPOKEN, tmp_path_factory.mktemp("cards"))


def letters(text: str) -> Counter[str]:
    """Count each letter, without marks.

    Extraction splits right-to-left text, and repeats or loses a mark that is drawn before its
    letter (Thai, Devanagari).
    """
    return Counter(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if unicodedata.category(letter)[0] not in "ZCM"
    )


def test_sheets_are_a4_with_two_pages_each(printed: Printed) -> None:
    about = paper.facts(printed.file)
    sheets = -(-len(printed.tags) // ROWS)

    assert about["Pages"] == str(2 * sheets)
    assert about["Page size"] == "595.276 x 841.89 pts (A4)"
    assert (pdf.WIDTH, pdf.HEIGHT) == (85, 67.5)


def test_fonts_are_embedded_noto_fonts(printed: Printed) -> None:
    """One for each script."""
    found = paper.fonts(printed.file)
    families = {name.replace("-", " ").removesuffix(" Bold") for name in found}

    assert all(found.values())
    assert families == {"Noto Sans", *pdf.FONTS.values()}


def test_every_letter_has_a_glyph(printed: Printed) -> None:
    """Glyph 0 is the box in place of a missing letter."""
    drawn = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", printed.file.read_bytes(), re.S):
        try:
            page = zlib.decompress(stream)
        except zlib.error:
            continue
        drawn |= set(re.findall(rb"<([0-9a-f]{4})>", b"".join(re.findall(rb"\[.*\] TJ", page))))
    assert len(drawn) > 100
    assert b"0000" not in drawn


def test_faces_have_the_letters_numbers_and_codes_of_the_card(printed: Printed) -> None:
    """Each letter as often as in the card, and the numbers in order."""
    for tag, card in printed.cards.items():
        for name, lines in expected_faces(card).items():
            found, wanted = printed.text(tag, name), "\n".join(lines)
            assert letters(found) == letters(wanted), (tag, name)
        seen, at = paper.text(printed.file, *printed.face(tag, "first")), 0
        numbers = [span.text for line in card.helplines for span in line.spans if span.is_number]
        for number in (*numbers, SHOWN):  # from left to right, also in Arabic
            at = seen.index(number, at) + len(number)
        codes = [word for word in printed.text(tag, "second").split() if re.fullmatch(r"\d", word)]
        assert codes == list("123456789"), tag


def test_card_helplines_are_three_lines_with_one_number_each(site: Site) -> None:
    """In every language, with all the text of the helplines but its full stops."""
    for tag in SPOKEN:
        card, edition = card_of(site, tag), site.library.editions[tag]
        numbers = [[span.text for span in line.spans if span.is_number] for line in card.helplines]
        whole = "".join(span.text for line in card.helplines for span in line.spans)

        assert [re.sub(" ", "", "".join(row)) for row in numbers] == ["112", "22331160", "116111"]
        assert bare(whole) == bare(edition.helplines)


def test_card_topics_are_the_nine_translated_titles(site: Site, sources: ContentSources) -> None:
    """With a note behind those whose screen is in English."""
    for tag in SPOKEN:
        screens = site.library.editions[tag].screens
        titles = {
            topic.code: f"{sources.languages[tag].translate(topic.id, topic.title)}"
            f"{'' if screens[topic.code].language == tag else ' (English)'}"
            for topic in sources.content.topics.values()
            if len(topic.code) == 1
        }
        assert sorted(titles) == list("123456789")
        assert list(card_of(site, tag).topics) == sorted(titles.items()), tag


def test_qr_codes_are_decoded_from_the_printed_page(printed: Printed) -> None:
    """Two on each card: a text message with the keyword, and the web pages in the language."""
    for page in range(2, int(paper.facts(printed.file)["Pages"]) + 1, 2):
        first = (page // 2 - 1) * ROWS
        there = printed.tags[first : first + ROWS]
        rows = -(-len(printed.tags) // ROWS) * ROWS
        there += printed.tags[: min(rows - len(printed.tags), ROWS - len(there))]
        wanted = [
            text
            for tag in there
            for text in (f"SMSTO:{NUMBER}:{printed.cards[tag].language.word}", f"{URL}/{tag}/")
        ]
        assert paper.codes(printed.file, page, printed.folder) == sorted(wanted)


def test_faces_have_a_margin_of_two_millimetres(printed: Printed) -> None:
    """No word is beside a cut or a fold."""
    faces = [
        Area(
            pdf.LEFT + column * pdf.WIDTH, pdf.TOP + row * pdf.HEIGHT, pdf.WIDTH, pdf.HEIGHT
        ).shrunk(2)
        for column in (0, 1)
        for row in range(ROWS)
    ]
    for page in range(1, int(paper.facts(printed.file)["Pages"]) + 1):
        for word, place in paper.words(printed.file, page):
            assert any(face.holds(place) for face in faces), (page, word)


def test_outside_and_metadata_reveal_nothing(printed: Printed) -> None:
    """No number, no revealing word, no producer of the file."""
    pages = range(1, int(paper.facts(printed.file)["Pages"]) + 1, 2)
    outside = " ".join(word for page in pages for word, _ in paper.words(printed.file, page))
    about = paper.facts(printed.file)

    assert AVOIDED.findall(outside) == []
    assert re.findall(r"\d", outside) == []
    assert about["Title"] == "Norge info"
    assert not {"Producer", "Creator", "Author", "Subject", "Keywords"} & about.keys()
    content = printed.file.read_bytes()
    assert str(ROOT).encode() not in content
    assert b"weasyprint" not in content.lower()


def test_outside_is_printed_behind_its_inside(site: Site, tmp_path: Path) -> None:
    """Printed on both sides, flipped on the long edge; cards repeat to fill the pdf."""
    paper.required()
    there = Printed(site, ["pl", "ar", "uk"], tmp_path)
    for row, tag in enumerate(["pl", "ar", "uk", "pl"]):
        own = there.cards[tag].language.own_name
        band = Area(20, 13.5 + 67.5 * row, 170, 67.5)
        for page in (1, 2):
            assert letters(own) <= letters(paper.text(there.file, page, band)), (row, page)
    assert paper.facts(there.file)["Pages"] == "2"


def test_long_text_is_printed_smaller_or_refused_by_name(site: Site) -> None:
    card = card_of(site, "nb")
    longer = [
        replace(card, phrases={**card.phrases, "delete": Phrase("Slett. " * n, "nb")})
        for n in (60, 160)
    ]
    points = [pdf._type_sizes({"nb": one})["nb"] for one in (card, longer[0])]
    assert points[1] < points[0]
    with pytest.raises(ConfigurationError, match="nb: does not fit on the card"):
        pdf.cards_pdf(longer[1:])
    long_address = replace(site, public_url=URL + "/a/very/long/way" * 6)
    with pytest.raises(ConfigurationError, match="RIGHTS_LINE_PUBLIC_URL: is too long"):
        pdf.cards_pdf([card_of(long_address, "nb")])
