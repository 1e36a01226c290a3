"""Load content/ and locales/, and validate them."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Self

from rights_line.content import country
from rights_line.content.approvals import approval_rule
from rights_line.content.approvals.screen_approval import ScreenApproval, short_texts
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.checks import phrase_meanings, validation
from rights_line.content.files import (
    content_reader,
    decision_file,
    languages,
    spelling_file,
    yaml_file,
)
from rights_line.content.files.concepts import concept_file_problems, read_concepts
from rights_line.content.files.content_reader import content_files, english_strings
from rights_line.content.files.decision_file import with_topics
from rights_line.content.files.languages import LanguageSource
from rights_line.content.files.outreach import load_outreach, outreach_strings
from rights_line.content.files.spelling_file import NAME as SPELLING
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import model_file, texts_folder
from rights_line.library.model_file import NAME as MODEL
from rights_line.library.model_file import LoadedModel, hash_beside
from rights_line.settings import Serve


class ContentSources:
    """All texts as they are in the files, validated, with the state of approval.

    Args:
        root: the folder that holds content/ and locales/.

    Raises:
        ConfigurationError: with every problem found in the files.

    Attributes:
        content: the English texts.
        contacts_file: the file that holds the contacts.
        concepts: id -> concept, in the order of their precedence.
        phrases: normalised phrase -> its meanings, over all languages.
        languages: tag -> language, in the order of their numbers.
        model: the SHA-256 of the sentence model; empty without one.
        model_path: its file.
        decision: how sentences are decided on; None without a file that says so.
        spelling: folds the spellings of a word into one.
        other_languages: tag -> frequent words, for languages that the line does not have.
        outreach: the chapters for outreach workers.
        texts: every string to translate.
        outreach_texts: every string for outreach workers, in both of its languages.
        string_approvals: tag -> the state of approval of the strings of that language.
        approval: the state of approval of the screens.
    """

    def __init__(self, root: Path) -> None:
        _raise_source_problems(texts_folder.missing(root))
        self.model_path = root / "content" / MODEL
        self.model = hash_beside(self.model_path)
        problems: list[Problem] = []
        documents = [yaml_file.load(path, problems) for path in content_files(root / "content")]
        self.content = content_reader.load(country.load(root / "content"), documents, problems)
        self.contacts_file = documents[0].path
        concepts = yaml_file.load(root / "content" / "concepts.yaml", problems)
        problems += concept_file_problems(concepts)
        topics = (document.path.stem for document in documents[2:])
        self.languages = languages.load(root / "locales", {*concepts, *topics}, problems)
        decision = decision_file.read(root / "content", problems)
        self.spelling = spelling_file.load(root / "locales" / SPELLING, problems)
        self.other_languages = languages.load_other(root / "locales", problems)
        outreach = yaml_file.load(root / "content" / "outreach.yaml", problems)
        spoken = self.content.country.languages
        self.outreach = load_outreach(outreach, spoken, problems)
        _raise_source_problems(problems)
        self.decision = decision and with_topics(decision, self.content)
        self.concepts = read_concepts(concepts, self.content)
        self.phrases = phrase_meanings.phrase_meanings(
            self.languages.values(), self.concepts, self.spelling
        )
        self.texts = [text for document in documents for text in english_strings(document)]
        self.outreach_texts = list(outreach_strings(outreach, spoken))
        _raise_source_problems(self.source_problems())
        tree = ScreenTree(self.content)
        short = short_texts(tree)
        self.string_approvals = {
            tag: approval_rule.string_approval(source, self.texts, short)
            for tag, source in self.languages.items()
        }
        self.approval = ScreenApproval(tree, self.languages, self.string_approvals)

    def source_problems(self) -> Iterator[Problem]:
        """Yield every problem between the files."""
        yield from validation.problems(
            self.content, self.concepts, self.languages, self.texts, self.outreach_texts
        )
        yield from phrase_meanings.meaning_problems(self.languages, self.concepts, self.phrases)

    def with_language_source(self, source: LanguageSource) -> Self:
        """Return a copy with one language replaced; approvals stay as they are."""
        other = copy(self)
        other.languages = {**self.languages, source.language.tag: source}
        other.phrases = phrase_meanings.phrase_meanings(
            other.languages.values(), self.concepts, self.spelling
        )
        return other

    def load_model(self) -> LoadedModel:
        """Read the sentence model, which the line reads at its start."""
        return model_file.load_sentence(self.model_path, self.model)

    def catalog_tags(self) -> list[str]:
        """Return English, and the languages that have a catalog."""
        return [tag for tag, row in self.languages.items() if row.has_catalog]

    def is_language_offered(self, tag: str) -> bool:
        """Return whether the core of a language was approved when the files were read."""
        return self.approval.is_language_offered(tag)

    def is_language_approved(self, tag: str) -> bool:
        """Return whether all of a language was approved when the files were read."""
        return self.approval.is_language_approved(tag)

    def served(self, serve: Serve) -> Self:
        """Return a copy that holds no translation that may not be sent; `approval` stays."""
        if serve == "drafts":
            return self
        other = copy(self)
        other.languages = {
            tag: replace(source, withheld=self.approval.withheld_strings(tag))
            for tag, source in self.languages.items()
        }
        return other

    def damaged_approvals(self) -> list[Problem]:
        """Return every problem of a review.yaml; such a language counts as not approved."""
        rows = self.languages.values()
        return [problem for row in rows for problem in row.approvals.problems]

    def lost_approvals(self, tags: Iterable[str]) -> list[Problem]:
        """Return a problem for each damaged review.yaml, and each language that lost approvals."""
        return [*self.damaged_approvals(), *self.approval.lost_problems(tags)]

    def untranslated_problems(self, tags: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each language with full texts that lacks translations.

        One whose English changed is not counted: it is known, and waits for its translator.
        """
        for tag in tags:
            source = self.languages[tag]
            missing = [
                text
                for text in self.texts
                if (text.context, text.message) not in source.fuzzy
                and source.translate(text.context, text.message) is None
            ]
            if missing and source.texts == "full":
                summary = f"{len(missing)} of {len(self.texts)} untranslated"
                yield Problem(
                    tag, summary, "Until they are translated, English is sent", waits=True
                )


def _raise_source_problems(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise ConfigurationError(found)
