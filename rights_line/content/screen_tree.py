"""Every screen there is, before any language: its code, what it says, where its links lead."""

from collections.abc import Iterator
from dataclasses import dataclass

from rights_line.content.source import LIFELINES, Content
from rights_line.core.library import CLOSE, LANGUAGES, MENU, UNCLEAR
from rights_line.core.model import Contact, Passage, Provenance, Topic

# (msgctxt, msgid) of something to say
MessageKey = tuple[str, str]

# A code, and the label beside it
Link = tuple[str, MessageKey]

NO_PROVENANCE = Provenance((), ())

# With those of the lifelines, the screens that a language must have before it is offered at all.
CARD = (MENU, UNCLEAR, "1", "8")
# What is said around them: on USSD pages, on the phone, on web pages, on paper.
CARD_PHRASES = (
    *("next", "press", "connect"),
    *("leave", "leave_limits", "by_sms", "draft", "cost", "delete"),
)


@dataclass(frozen=True)
class ScreenTemplate:
    """One screen: `body` is said first, then a line for each link (code, label)."""

    code: str
    topic: str
    body: tuple[MessageKey, ...]
    links: tuple[Link, ...]
    provenance: Provenance = NO_PROVENANCE
    web: tuple[str, ...] = ()


class ScreenTree:
    """The pages of some content, and the codes that lead to them."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.topics = sorted(content.topics.values(), key=_keypad_order)
        self.screens = tuple(self._screens())

    def card(self) -> set[MessageKey]:
        """Return the sayings that a language with the texts of a card alone must translate."""
        codes = {*CARD, *(self.content.contacts[name].code for name in LIFELINES)}
        pages = [page for page in self.screens if page.code in codes]
        labels = {label for page in pages for _, label in page.links}
        phrases = map(self._phrase, CARD_PHRASES)
        return {*labels, *(saying for page in pages for saying in page.body), *phrases}

    def codes(self) -> dict[str, str]:
        """Return every sequence of digits that may be sent, and the code it stands for."""
        codes = {code: code for code in (CLOSE, LANGUAGES)}
        codes |= {page.code: page.code for page in self.screens if page.code != UNCLEAR}
        for topic in self.topics:
            codes |= dict.fromkeys(topic.also, topic.code)
        for contact in self.content.contacts.values():
            if contact.e164:
                international = contact.e164.removeprefix("+")
                codes |= dict.fromkeys((international, f"00{international}"), contact.code)
        return codes

    def _screens(self) -> Iterator[ScreenTemplate]:
        yield self._menu(MENU, "menu", "", self._phrase("helplines"))
        yield self._menu(UNCLEAR, "unclear", "", self._phrase("unclear"))
        for topic in self.topics:
            if topic.passages:
                yield from self._passages(topic)
            else:
                yield self._menu(topic.code, topic.id, topic.code, self._phrase("helplines"))
        for contact in self.content.contacts.values():
            yield self._contact(contact)

    def _phrase(self, name: str) -> MessageKey:
        return name, self.content.phrases[name]

    def _menu(self, code: str, name: str, above: str, body: MessageKey) -> ScreenTemplate:
        below = [topic for topic in self.topics if topic.code[:-1] == above]
        choices = [(topic.code, (topic.id, topic.title)) for topic in below]
        last = [self._home()] if above else self._exit_links()
        return ScreenTemplate(code, name, (body,), (*choices, *last))

    def _passages(self, topic: Topic) -> Iterator[ScreenTemplate]:
        for number, passage in enumerate(topic.passages):
            links = [*self._answers(passage), *self._next_links(topic, number), self._home()]
            body = ((topic.id, passage.text),)
            yield ScreenTemplate(
                passage.code, topic.id, body, tuple(links), passage.provenance, passage.web
            )

    def _answers(self, passage: Passage) -> Iterator[Link]:
        if passage.yes and passage.no:
            yield passage.yes, self._phrase("answer_yes")
            yield passage.no, self._phrase("answer_no")

    def _next_links(self, topic: Topic, number: int) -> Iterator[Link]:
        """Yield the next passage that has no title; from the first one, also all that have.

        Where there are questions, only their answers lead on.
        """
        following = topic.passages[number + 1 :]
        asks = any(passage.yes for passage in topic.passages)
        if following and not following[0].title and not asks:
            yield following[0].code, self._phrase("more")
        if number == 0:
            for passage in following:
                if passage.title:
                    yield passage.code, (topic.id, passage.title)
            for code in topic.see:
                yield code, self._title(code)

    def _contact(self, contact: Contact) -> ScreenTemplate:
        links = (self._home(), (LANGUAGES, self._phrase("languages")))
        body = ((contact.id, contact.text),)
        return ScreenTemplate(
            contact.code, contact.id, body, links, contact.provenance, contact.web
        )

    def _title(self, code: str) -> MessageKey:
        topic = next(topic for topic in self.topics if topic.code == code)
        return topic.id, topic.title

    def _home(self) -> Link:
        return MENU, self._phrase("menu")

    def _exit_links(self) -> list[Link]:
        return [(LANGUAGES, self._phrase("languages")), (CLOSE, self._phrase("close_label"))]


def _keypad_order(topic: Topic) -> str:
    """Return a key that sorts codes as a keypad has its digits: 0 comes after 9."""
    return topic.code.replace("0", ":")
