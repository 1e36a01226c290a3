"""Build what the library holds from the texts that were read.

Here is the tree of screens, which is the same in every language: codes, texts and links.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rights_line.content.content_reader import Content
from rights_line.content.text_checks import text_placeholders
from rights_line.core import (
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
from rights_line.core.model import Contact, Provenance, Topic

# (msgctxt, msgid) of a text
MessageKey = tuple[str, str]

# A code and its label
Link = tuple[str, MessageKey]

# Phrases of content/phrases.yaml that are sentences of other texts: placeholders there.
SENTENCES = ("in_danger", "minors")
RUN_BY = "run_by"  # the same, empty if no setting says who runs the line

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
    provenance: Provenance = field(default_factory=Provenance)
    web: tuple[str, ...] = ()

    @property
    def strings(self) -> tuple[MessageKey, ...]:
        """The texts of the body, and the labels of the links."""
        return (*self.body, *(label for _, label in self.links))


class ScreenTree:
    """All screens of the content, and the codes that lead to them.

    `operator` is the name and address of the operator; empty if no screen says so.
    """

    def __init__(self, content: Content, operator: str = "") -> None:
        self.content = content
        self.operator = operator
        # On the keys of a phone, 0 comes after 9.
        by_key = content.topics.values()
        self.topics = sorted(by_key, key=lambda topic: topic.code.replace("0", ":"))
        self.titles = dict(self._title_links())
        self.home: Link = MENU, self.phrase_key("menu")
        self.languages: Link = LANGUAGES, self.phrase_key("languages")
        self.close: Link = CLOSE, self.phrase_key("close_label")
        self.screens = tuple(self._templates())
        self.strings = {row.code: self._complete_strings(row) for row in self.screens}

    def codes(self) -> dict[str, str]:
        """Return every digit sequence that is understood -> the code of its screen."""
        screens = (row.code for row in self.screens if row.code not in NOT_SENT)
        codes = {code: code for code in (CLOSE, LANGUAGES, OTHER_LANGUAGES, *screens)}
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

    def _complete_strings(self, template: ScreenTemplate) -> frozenset[MessageKey]:
        """Return the strings of a screen: body, links, and the phrases that complete them."""
        found = {*template.strings}
        for name in text_placeholders(" ".join(message for _, message in template.body)) or ():
            contact = self.content.contacts.get(name.removesuffix("_hours"))
            if name in (*SENTENCES, RUN_BY):
                found.add(self.phrase_key(name))
            elif contact and contact.periods:
                if name.endswith("_hours"):
                    found.add(self.phrase_key("hours"))
                else:
                    found.add((contact.id, contact.name))
                    found |= {*map(self.phrase_key, ("closed", "holiday"))}
        return frozenset(found)

    def phrase_key(self, name: str) -> MessageKey:
        """Return the text of content/phrases.yaml with this name."""
        return name, self.content.phrases[name]

    def _answer_template(self, code: str, body: str, *targets: str) -> ScreenTemplate:
        """Return an answer without a topic: a phrase, and links to the menus or to topics."""
        labels = self.titles | dict([self.home, self.languages])
        links = tuple((target, labels[target]) for target in targets)
        return ScreenTemplate(code, body, (self.phrase_key(body),), links)

    def _menu_template(self, code: str, name: str, parent: str, *body: str) -> ScreenTemplate:
        children = [topic for topic in self.topics if topic.code[:-1] == parent]
        choices = [(topic.code, self.titles[topic.code]) for topic in children]
        last = [self.home] if parent else [self.languages, self.close]
        return ScreenTemplate(code, name, tuple(map(self.phrase_key, body)), (*choices, *last))

    def _passage_templates(self, topic: Topic) -> Iterator[ScreenTemplate]:
        for number, passage in enumerate(topic.passages):
            links = (*self._next_links(topic, number), self.home)
            body = self._template_body((topic.id, passage.text))
            yield ScreenTemplate(
                passage.code, topic.id, body, links, passage.provenance, passage.web
            )

    def _next_links(self, topic: Topic, number: int) -> Iterator[Link]:
        """Yield the answers to a question, the links to other passages, then those of `see`.

        A passage without a title follows the one before it; the first one links to all that have a
        title. In a topic with questions only the answers lead on.
        """
        passage, following = topic.passages[number], topic.passages[number + 1 :]
        if passage.yes and passage.no:
            yield passage.yes, self.phrase_key("answer_yes")
            yield passage.no, self.phrase_key("answer_no")
        has_questions = any(passage.yes for passage in topic.passages)
        if following and not following[0].title and not has_questions:
            yield following[0].code, self.phrase_key("more")
        if number == 0:
            for row in following:
                if row.title:
                    yield row.code, (topic.id, row.title)
        yield from map(self._link, passage.see)

    def _link(self, target: str) -> Link:
        if contact := self.content.contacts.get(target):
            return contact.code, (contact.id, contact.name)
        return target, self.titles[target]

    def _contact_template(self, contact: Contact) -> ScreenTemplate:
        links = (*map(self._link, contact.see), self.home, self.languages)
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
        for topic in self.topics:
            yield topic.code, (topic.id, topic.title)
            for passage in topic.passages:
                if passage.title:
                    yield passage.code, (topic.id, passage.title)
