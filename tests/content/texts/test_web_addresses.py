"""Web addresses: from the guide, and only on channels that display them unfiltered."""

import re

from rights_line.content import ContentSources
from rights_line.core import Inbound, Medium
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.ussd import respond_ussd
from tests.support.clock import TUESDAY

# Words that reveal why somebody has an address (docs/design.md, D9).
AVOIDED = re.compile(r"traffick|menneskehandel|victim|exploit|slave|prostitu")


def addresses(sources: ContentSources) -> set[str]:
    """Return every address that may be shown."""
    content = sources.content
    passages = (passage for topic in content.topics.values() for passage in topic.passages)
    of_topics = {web for passage in passages for web in passage.web}
    of_chapters = {web for chapter in sources.outreach for row in chapter.advice for web in row.web}
    of_contacts = {web for contact in content.contacts.values() for web in contact.web}
    return of_topics | of_contacts | of_chapters


def test_addresses_do_not_reveal_their_subject(sources: ContentSources) -> None:
    assert [web for web in addresses(sources) if AVOIDED.search(web)] == []


def test_addresses_are_in_chat_but_not_in_sms_and_ussd(
    library: Library, sources: ContentSources
) -> None:
    """Operators filter them in SMS, and USSD cannot open them."""
    replies = {
        medium: conversation_reply(
            Inbound("sender", "41", medium=medium), "en", library, TUESDAY, True
        )[0].text
        for medium in (Medium.SMS, Medium.CHAT)
    }
    ussd = "".join(
        respond_ussd(Inbound("", f"2*41{'*98' * n}"), library, TUESDAY).text for n in range(5)
    )
    assert "\nknowyourrights.no\n" in replies[Medium.CHAT]
    assert not any(web in replies[Medium.SMS] + ussd for web in addresses(sources))
