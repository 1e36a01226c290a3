"""The message that a step interprets: its words, phrases, age and likely languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from rights_line.core.library import Library
from rights_line.core.understanding.words import MAX_LENGTH, normalise
from rights_line.core.understanding.words.ages import ADULT, Age
from rights_line.core.understanding.words.language_model import Vote, is_recognised, leading_votes
from rights_line.core.understanding.words.scripts import accents, dominant_script, has_accents
from rights_line.core.understanding.words.tables import Match
from rights_line.core.understanding.words.vocabulary import Entry, Kind

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Message:
    """A text to interpret in a session."""

    written: str = field(repr=False)  # the text, normalised
    sentence: str = field(repr=False)  # the text as the sender wrote it
    tag: str | None  # a language, `?` or None
    library: Library
    taken: tuple[Entry, ...] = ()  # the meanings of the words of courtesy that were taken out
    whole: Message | None = None  # the message of which this is a part; it tells the language

    @property
    def original(self) -> Message:
        """The message as it was sent."""
        return self.whole or self

    def part(self, sentence: str, taken: tuple[Entry, ...] = ()) -> Message:
        """Return the message with a part of its text, or the same in other letters."""
        words = normalise(sentence)
        return replace(self, written=words, sentence=sentence, taken=taken, whole=self.original)

    @cached_property
    def words(self) -> str:
        """The text in the spelling of the phrases, to compare it with them."""
        return self.library.vocabulary.spelling.fold(self.written)

    @cached_property
    def matches(self) -> list[Match[Entry]]:
        """The known phrases of the text; a single word only in the languages of the text.

        Hindi "raha" is a common verb, Estonian "raha" is money.
        """
        spoken = {vote.language for vote in self.likely_languages}
        spoken |= {other for tag in spoken for other in self.library.languages[tag].borrows}
        return [
            match
            for match in self._every_match
            if not spoken
            or " " in match.phrase
            or match.phrase == self.words
            or spoken.intersection(match.value.languages)
        ]

    @cached_property
    def _every_match(self) -> list[Match[Entry]]:
        found = self.library.vocabulary.phrases.find_phrases(self.words)
        return [match for match in found if self._is_spelt(match)]

    def _is_spelt(self, match: Match[Entry]) -> bool:
        """Return whether a phrase has its accents in the text: "tư vấn" is not "tự vẫn"."""
        spellings = self.library.vocabulary.accents.get(match.phrase)
        if not spellings or not self._accents:
            return True
        first = self.words.count(" ", 0, match.start)
        written = self._accents[first : first + match.phrase.count(" ") + 1]
        return any(has_accents(written, meant.split(" ")) for meant in spellings.split("\n"))

    @cached_property
    def _accents(self) -> list[str]:
        """The accents of each word; empty if the words are not those of the sentence."""
        found = [] if self.sentence.isascii() else accents(self.sentence[:MAX_LENGTH])
        return found if len(found) == len(self.words.split()) else []

    @cached_property
    def keyword(self) -> Entry | None:
        """The meaning of the whole text: of a known phrase, or of several phrases of one act."""
        phrases = [match.phrase for match in self._every_match]
        entries = [match.value for match in self._every_match]
        if not entries or " ".join(phrases) != self.words:
            return None
        meanings = {entry.concept.id for entry in entries}
        is_act = len(meanings) == 1 and entries[0].concept.kind is Kind.ACT
        return entries[0] if is_act or len(entries) == 1 else None

    @cached_property
    def bare(self) -> Message:
        """The message without words of greeting, help and politeness at both ends.

        Without anything else it has no words.
        """
        found = self.library.vocabulary.courtesy.bare(self.sentence)
        whole = self.library.vocabulary.phrases.get(self.words)
        if not found.taken or (whole and whole.concept.kind is not Kind.GREETING):
            return self
        return self.part(found.sentence, found.taken)

    @cached_property
    def in_own_letters(self) -> Message:
        """The message in the letters of its language, if that has others than Latin."""
        languages = [vote.language for vote in self.likely_languages[:1]]
        letters = self.library.vocabulary.own_letters.get(*languages) if languages else None
        if letters is None or self.script_languages:
            return self
        return self.part(letters.write(self.sentence))

    @cached_property
    def age(self) -> Age | None:
        """The age that the sender tells; "I am not yet 18" is a phrase, and tells none."""
        age = self.library.vocabulary.ages.age(self.words)
        is_in_phrase = age and not age.is_minor and self._has_number_in_phrase(age.years)
        return None if is_in_phrase else age

    @cached_property
    def age_of_another(self) -> int | None:
        """The age of another person that the text tells."""
        return self.library.vocabulary.ages.age_of_another(self.words)

    @property
    def tells_age_of_another_minor(self) -> bool:
        """Whether the text is about another person below 18: "she is 15", "she is under 18"."""
        years = self.age_of_another
        is_below = years == ADULT and self._has_number_in_phrase(ADULT)
        return is_below or (years is not None and years < ADULT)

    def _has_number_in_phrase(self, number: int) -> bool:
        phrases = (_NUMBER.findall(row.phrase) for row in self._every_match)
        return any(str(number) in numbers for numbers in phrases)

    @cached_property
    def language_votes(self) -> list[Vote]:
        """The votes of the languages that have a word of the text, best first."""
        if self.whole:
            return self.whole.language_votes
        phrases = [tag for match in self._every_match for tag in match.value.languages]
        phrases += [self.chosen_language] * 2 if self.chosen_language else []
        return self.library.vocabulary.language_model.votes(self.written, phrases)

    @cached_property
    def likely_languages(self) -> tuple[Vote, ...]:
        """The votes of the languages that the text may be in, best first; empty if unknown.

        In a script other than Latin, which few languages share, one known word is enough.
        """
        votes = [vote for vote in self.language_votes if self.is_own(vote.language)]
        is_known = self.script_languages or is_recognised(votes, self.original.written)
        if not votes or not is_known or self.other_language:
            return ()
        # Pidgin is the best only with something of its own, which tells it from English.
        rows, best = self.library.languages, votes[0].language
        borrowers = {tag for tag, row in rows.items() if best in row.borrows}
        near = {*rows[best].borrows, *borrowers}
        return tuple(vote for vote in leading_votes(votes) if vote.language not in near)

    def is_own(self, tag: str) -> bool:
        """Return whether a text may be in a language, and not in one from which that borrows.

        So broken English is English: Pidgin needs a word of its own, or, in no conversation in
        English, a turn of its own in a phrase that English does not have.
        """
        language = self.library.languages[tag]
        if not language.borrows or tag == self.chosen_language:
            return True
        whole = self.original
        if any(_has(whole.written, word) for word in language.own_words if " " not in word):
            return True
        phrases = [
            match.phrase
            for match in whole._every_match
            if tag in match.value.languages and not {*language.borrows} & {*match.value.languages}
        ]
        has_turn = any(_has(phrase, turn) for phrase in phrases for turn in language.own_words)
        return has_turn and self.chosen_language not in language.borrows

    @cached_property
    def other_language(self) -> str:
        """The language of a text that the line does not have; empty in a session, or if it has."""
        if self.chosen_language:
            return ""
        model = self.library.vocabulary.language_model
        return model.vote_other(self.original.written, self.language_votes)

    @cached_property
    def script_languages(self) -> tuple[str, ...]:
        """The languages of the script of the text; empty for Latin and for unknown scripts."""
        scripts = self.library.vocabulary.scripts
        script = dominant_script(self.original.words, scripts)
        return scripts[script] if script else ()

    @property
    def chosen_language(self) -> str | None:
        """The language of the session, if one was chosen."""
        return self.tag if self.tag in self.library.editions else None


def _has(text: str, words: str) -> bool:
    return f" {words} " in f" {text} "
