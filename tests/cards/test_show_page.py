"""/show/<tag>: what a helper holds up to somebody."""

import re
from dataclasses import replace

from rights_line.cards import card_of
from rights_line.content import ContentSources
from rights_line.library.site import Site
from tests.support.cards import NUMBER, SHOWN, SPOKEN, URL, USSD
from tests.support.markup import readable_text
from tests.support.sites import site_client, site_of
from tests.support.wording import AVOIDED

CALLS = ["112", "+4722331160", "116111"]


def test_show_page_has_helplines_word_number_and_codes_in_each_language(site: Site) -> None:
    """In the same order, with one row to call for each helpline."""
    client = site_client(site)
    for tag in SPOKEN:
        response, card = client.get(f"/show/{tag}"), card_of(site, tag)
        seen, at = readable_text(response.text), 0
        helplines = ["".join(span.text for span in line.spans) for line in card.helplines]
        says = site.library.editions[tag].interpreter
        about = card.phrases["about"].text
        for part in (
            card.language.own_name,
            about,
            *helplines,
            says,
            card.language.word,
            SHOWN,
            USSD,
        ):
            at = seen.index(part, at) + len(part)
        assert response.status_code == 200
        assert re.findall('href="tel:(.*?)"', response.text) == CALLS
        assert response.text.count("<svg ") == 2
        assert AVOIDED.findall(seen) == []
        assert f'lang="{tag}" dir="{card.language.direction}"' in response.text


def test_show_page_keeps_the_language_of_the_helper_in_its_links(site: Site) -> None:
    page = site_client(site).get("/show/uk?in=nb").text
    links = re.findall('<a class="button" href="(.*?)"', page)
    assert links == ["/outreach/nb#languages", "/uk/", "/card/uk?in=nb"]


def test_show_page_opens_one_code_with_a_caption_in_the_language(site: Site) -> None:
    page = site_client(site).get("/show/uk").text
    captions = re.findall(r"<details name=\"code\"( open)?>\s*<summary>(.*?)</summary>", page)
    assert [is_open for is_open, _ in captions] == [" open", ""]
    assert [readable_text(text) for _, text in captions] == ["Написати SMS", "line.example.org/uk/"]


def test_show_page_without_number_and_address_has_the_helplines(site: Site) -> None:
    """Without a number alone, there is no word to send. An unknown language has no page."""
    unnumbered = site_client(replace(site, number="")).get("/show/pl").text
    assert "POLSKI" not in unnumbered
    assert unnumbered.count("<svg ") == 1
    nowhere = site_client(replace(site, number="", ussd="", public_url=""))
    page = nowhere.get("/show/pl").text
    assert re.findall('href="tel:(.*?)"', page) == CALLS
    assert "POLSKI" not in page
    assert nowhere.get("/show/xx").status_code == 404


def test_show_page_of_a_language_that_is_not_approved_has_the_helplines_alone(
    small_sources: ContentSources,
) -> None:
    """From left to right, because they are in several languages."""
    site = site_of(small_sources, "approved", number=NUMBER, ussd=USSD, public_url=URL)
    page = site_client(site).get("/show/ar").text

    assert re.findall('href="tel:(.*?)"', page) == CALLS
    assert page.count('"><span dir="ltr">') == 3
    assert "ARABI" not in page
    assert "<svg " not in page
    assert "/ar/96" not in page


def test_line_that_takes_calls_shows_the_number_of_the_language(site: Site) -> None:
    """On the card in print; on pages as a link that calls, waits, and keys it."""
    called = replace(site, takes_calls=True)
    client, link = site_client(called), f"tel:{NUMBER},,14"

    show = client.get("/show/so").text
    assert f'href="{link}"' in show
    assert show.count("<svg ") == 3
    assert f"Ring/dial: {SHOWN}, 14" in readable_text(client.get("/so/4").text)
    assert f'href="{link}"' in client.get("/so/4").text
    assert f"Tel {SHOWN}, 14" in readable_text(client.get("/card/so").text)
    assert card_of(site, "so").call == ""
    assert f"{SHOWN}, 14" not in site_client(site).get("/so/4").text
