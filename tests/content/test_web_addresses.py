"""Web addresses: as the guide has them, and only where nothing filters or charges them."""

import re

from rights_line.content.loader import ROOT, ContentSources
from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium
from rights_line.core.ussd import respond_ussd
from rights_line.editorial.fact_coverage import FACTS
from rights_line.editorial.guide_facts import load_guide
from tests.support.clock import TUESDAY

# In an address, as in a title, nothing says what she may be in (design D9).
AVOIDED = re.compile(r"traffick|menneskehandel|victim|exploit|slave|prostitu")


def addresses(sources: ContentSources) -> set[str]:
    """Return every address that may be shown."""
    content = sources.content
    passages = (passage for topic in content.topics.values() for passage in topic.passages)
    of_topics = {web for passage in passages for web in passage.web}
    told = {web for chapter in sources.outreach for row in chapter.advice for web in row.web}
    contacts = {web for contact in content.contacts.values() for web in contact.web}
    return of_topics | contacts | told


def test_every_address_is_in_the_guide(sources: ContentSources) -> None:
    """No text sends anybody to an address that the guide does not print."""
    known = load_guide(ROOT / FACTS, []).web

    assert "knowyourrights.no" in known
    assert {web.removeprefix("www.") for web in addresses(sources)} - known == set()


def test_no_address_gives_her_away(sources: ContentSources) -> None:
    """Whoever sees the address learns nothing of why it is there."""
    assert [web for web in addresses(sources) if AVOIDED.search(web)] == []


def test_only_whatsapp_shows_them(library: Library, sources: ContentSources) -> None:
    """In SMS operators filter them, and on a USSD page nobody can follow them."""
    shown = {
        medium: respond(Inbound("sender", "41", medium=medium), "en", library, TUESDAY, True)[
            0
        ].text
        for medium in (Medium.SMS, Medium.CHAT)
    }
    paged = "".join(
        respond_ussd(Inbound("", f"2*41{'*98' * n}"), library, TUESDAY).text for n in range(5)
    )
    assert "\nknowyourrights.no\n" in shown[Medium.CHAT]
    assert not any(web in shown[Medium.SMS] + paged for web in addresses(sources))


def test_whatsapp_spells_every_letter(library: Library) -> None:
    """Nothing is charged by length there: no accent is folded, and the numbers are the same."""
    asked = [Inbound("sender", "4", medium=medium) for medium in (Medium.SMS, Medium.CHAT)]
    sms, chat = (respond(inbound, "pl", library, TUESDAY, True)[0].text for inbound in asked)

    assert ("płaca" in sms, "płaca" in chat) == (False, True)
    assert re.findall(r"\d[\d ]*\d", sms) == re.findall(r"\d[\d ]*\d", chat)
