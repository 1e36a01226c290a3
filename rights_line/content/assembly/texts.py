"""The texts of one language with numbers, opening hours and sentences put into them."""

from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree
from rights_line.content.languages import LanguageSource
from rights_line.core import sms
from rights_line.core.model import Contact
from rights_line.core.opening_hours import OpeningPeriod

# Phrases of content/phrases.yaml that are sentences of other texts: placeholders there.
SENTENCES = ("in_danger", "minors")
# In English while their translation waits: no text is sent without them.
HELPLINE_PHRASES = ("helplines", *SENTENCES)
RUN_BY = "run_by"  # the same, empty if no setting says who runs the line


class MissingTranslation(Exception):
    """A text has no translation that may be served."""


class TextRenderer:
    """Renders phrases and other texts in one language, as text to read.

    `english` has the helplines that this language lacks; None for English itself.
    """

    def __init__(
        self, source: LanguageSource, tree: ScreenTree, english: LanguageSource | None = None
    ) -> None:
        self.source, self.language, self.tree = source, source.language, tree
        self.contacts = tree.content.contacts.values()
        self._english_source = english
        self._helpline_keys = [*map(tree.phrase_key, HELPLINE_PHRASES)]
        self.values = self._placeholder_values()

    def text(self, key: MessageKey, **values: str) -> str:
        """Return a translated text with its placeholders filled.

        Raises:
            MissingTranslation: the text, or the phrase for opening hours in it, is not translated.
        """
        if (text := self._translate(key)) is None:
            raise MissingTranslation(key)
        try:
            filled = text.format_map({**self.values, **values})
        except KeyError as error:
            raise MissingTranslation(key) from error
        filled = filled.replace("  ", " ").strip()  # an empty sentence leaves two spaces
        return filled if self.language.encoding == "UCS-2" else sms.to_punctuation(filled)

    def _translate(self, key: MessageKey) -> str | None:
        text = self.source.translate(*key)
        if text is None and self._english_source and key in self._helpline_keys:
            return self._english_source.translate(*key)
        return text

    def fixed(self, name: str, **values: str) -> str:
        """Return a phrase that is the same in every language."""
        return self.tree.content.fixed[name].format_map({**self.values, **values})

    def phrase(self, name: str, /, **values: str) -> str:
        """Return a phrase of content/phrases.yaml in this language."""
        return self.text(self.tree.phrase_key(name), **values)

    def optional(self, name: str, /, **values: str) -> str:
        """Return a phrase; empty if it may not be sent."""
        try:
            return self.phrase(name, **values)
        except MissingTranslation:
            return ""

    def number(self, contact: Contact) -> str:
        """Return a number to read, without the spaces that would reorder its groups in RTL text."""
        return contact.code if self.language.direction == "rtl" else contact.number

    def _placeholder_values(self) -> dict[str, str]:
        """Return placeholder -> value: numbers and opening hours of contacts, and sentences."""
        values = {contact.id: self.number(contact) for contact in self.contacts}
        values |= {"language": self.language.norwegian, "operator": self.tree.operator}
        for name in (*SENTENCES, RUN_BY):
            if sentence := self._translate(self.tree.phrase_key(name)):
                values[name] = sentence.format_map(values)
        if not self.tree.operator:
            values[RUN_BY] = ""
        if phrase := self.source.translate(*self.tree.phrase_key("hours")):
            for contact in self.contacts:
                if contact.periods:
                    hours = (self._period(phrase, period) for period in contact.periods)
                    values[f"{contact.id}_hours"] = ", ".join(hours)
        return values

    def _period(self, phrase: str, period: OpeningPeriod) -> str:
        days = self.language.weekdays_short
        return phrase.format(
            first=days[min(period.days)],
            last=days[max(period.days)],
            opens=f"{period.opens:%H:%M}",  # in Western digits, which every keypad has
            closes=f"{period.closes:%H:%M}",
        )
