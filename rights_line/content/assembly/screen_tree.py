"""The tree of screens, independent of language: codes, texts and links."""

from collections.abc import Iterator
from dataclasses import dataclass

from rights_line.content.files.content_reader import Content
from rights_line.core.fixed_codes import (
    ACTS,
    CHANGED,
    CLOSE,
    INSULT,
    LANGUAGES,
    MENU,
    NOT_SENT,
    OTHER_LANGUAGES,
    UNCLEAR,
    UNCLEAR_AGAIN,
)
from rights_line.core.model import Contact, Passage, Provenance, Topic

# (msgctxt, msgid) of a text
MessageKey = tuple[str, str]

# A code and its label
Link = tuple[str, MessageKey]

NO_PROVENANCE = Provenance((), ())

_ACT_BODY = {INSULT: "helplines"}
_ACT_LINKS = {
    "go_on": ("2", MENU),
    "again": (LANGUAGES, MENU),
    "affirm": (MENU,),
    "deny": (MENU,),
    INSULT: (MENU,),
}


@dataclass(frozen=True)
class ScreenTemplate:
    """One screen before translation: the sentences of its body, then one line for each link."""

    code: str
    topic: str
    body: tuple[MessageKey, ...]
    links: tuple[Link, ...]
    provenance: Provenance = NO_PROVENANCE
    web: tuple[str, ...] = ()


class ScreenTree:
    """All screens of the content, and the codes that lead to them.

    `operator` is the name and address of the operator; empty if no screen says so.
    """

    def __init__(self, content: Content, operator: str = "") -> None:
        self.content = content
        self.operator = operator
        self.topics = sorted(content.topics.values(), key=_keypad_order)
        self.titles = dict(self._title_links())
        self.screens = tuple(self._templates())

    def codes(self) -> dict[str, str]:
        """Return every digit sequence that is understood -> the code of its screen."""
        codes = {code: code for code in (CLOSE, LANGUAGES, OTHER_LANGUAGES)}
        codes |= {
            screen.code: screen.code for screen in self.screens if screen.code not in NOT_SENT
        }
        for topic in self.topics:
            codes |= dict.fromkeys(topic.also, topic.code)
        for contact in self.content.contacts.values():
            if contact.e164:
                international = contact.e164.removeprefix("+")
                codes |= dict.fromkeys((international, f"00{international}"), contact.code)
        return codes

    def _templates(self) -> Iterator[ScreenTemplate]:
        yield self._menu_template(MENU, "menu", "", "helplines", "write")
        yield self._menu_template(CHANGED, "menu", "", "helplines", "number_again")
        yield self._menu_template(UNCLEAR, "unclear", "", "helplines", "unclear")
        yield self._answer_template(UNCLEAR_AGAIN, "unclear_again", MENU)
        for name in ACTS:
            yield self._answer_template(name, _ACT_BODY.get(name, name), *_ACT_LINKS.get(name, ()))
        for topic in self.topics:
            if topic.passages:
                yield from self._passage_templates(topic)
            else:
                yield self._menu_template(topic.code, topic.id, topic.code, "helplines")
        for contact in self.content.contacts.values():
            yield self._contact_template(contact)

    def phrase_key(self, name: str) -> MessageKey:
        """Return the text of content/phrases.yaml with this name."""
        return name, self.content.phrases[name]

    def _answer_template(self, code: str, body: str, *targets: str) -> ScreenTemplate:
        """Return an answer without a topic: a phrase, and links to the menus or to topics."""
        fixed = dict([self._home_link(), *self._exit_links()])
        links = ((target, fixed.get(target) or self.titles[target]) for target in targets)
        return ScreenTemplate(code, body, (self.phrase_key(body),), tuple(links))

    def _menu_template(self, code: str, name: str, parent: str, *body: str) -> ScreenTemplate:
        children = [topic for topic in self.topics if topic.code[:-1] == parent]
        choices = [(topic.code, (topic.id, topic.title)) for topic in children]
        last = [self._home_link()] if parent else self._exit_links()
        return ScreenTemplate(code, name, tuple(map(self.phrase_key, body)), (*choices, *last))

    def _passage_templates(self, topic: Topic) -> Iterator[ScreenTemplate]:
        for number, passage in enumerate(topic.passages):
            links = [
                *self._answer_links(passage),
                *self._next_links(topic, number),
                self._home_link(),
            ]
            body = self._template_body((topic.id, passage.text))
            yield ScreenTemplate(
                passage.code, topic.id, body, tuple(links), passage.provenance, passage.web
            )

    def _answer_links(self, passage: Passage) -> Iterator[Link]:
        if passage.yes and passage.no:
            yield passage.yes, self.phrase_key("answer_yes")
            yield passage.no, self.phrase_key("answer_no")

    def _next_links(self, topic: Topic, number: int) -> Iterator[Link]:
        """Yield the links from one passage to others, then those of its `see`.

        A passage without a title follows the one before it; the first one links to all that have a
        title. In a topic with questions only the answers lead on.
        """
        following = topic.passages[number + 1 :]
        has_questions = any(passage.yes for passage in topic.passages)
        if following and not following[0].title and not has_questions:
            yield following[0].code, self.phrase_key("more")
        if number == 0:
            for passage in following:
                if passage.title:
                    yield passage.code, (topic.id, passage.title)
        for target in topic.passages[number].see:
            yield self._link(target)

    def _link(self, target: str) -> Link:
        """Return the link to a code, or to the contact with this id."""
        if contact := self.content.contacts.get(target):
            return contact.code, (contact.id, contact.name)
        return target, self.titles[target]

    def _contact_template(self, contact: Contact) -> ScreenTemplate:
        links = (
            *map(self._link, contact.see),
            self._home_link(),
            (LANGUAGES, self.phrase_key("languages")),
        )
        body = self._template_body((contact.id, contact.text))
        return ScreenTemplate(
            contact.code, contact.id, body, links, contact.provenance, contact.web
        )

    def _template_body(self, text: MessageKey) -> tuple[MessageKey, ...]:
        """Return a text, and the minors' helpline after it if it names that of adults alone."""
        _, message = text
        _, adults, minors = self.content.country.helplines
        names_one_alone = f"{{{adults}}}" in message and f"{{{minors}}}" not in message
        return (text, self.phrase_key("minors")) if names_one_alone else (text,)

    def _title_links(self) -> Iterator[Link]:
        """Yield each code that a link can name, with its label."""
        for topic in self.topics:
            yield topic.code, (topic.id, topic.title)
            for passage in topic.passages:
                if passage.title:
                    yield passage.code, (topic.id, passage.title)

    def _home_link(self) -> Link:
        return MENU, self.phrase_key("menu")

    def _exit_links(self) -> list[Link]:
        return [(LANGUAGES, self.phrase_key("languages")), (CLOSE, self.phrase_key("close_label"))]


def _keypad_order(topic: Topic) -> str:
    """Return a sort key for the order of keys on a phone, where 0 comes after 9."""
    return topic.code.replace("0", ":")
