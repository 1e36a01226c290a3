"""Read content/ and locales/, and build `library.json` of them.

Start reading at `ContentSources`. Every problem in the files is found before anything is written,
and is reported with its file and line. This package knows nothing of requests, channels or Redis.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Self

from rights_line.content import (
    catalogs,
    content_reader,
    languages,
    tables,
    validation,
    words,
    yaml_file,
)
from rights_line.content.approval import approvals
from rights_line.content.assembly import ScreenTree
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import missing_folders, model_file
from rights_line.library.model_file import LoadedModel
from rights_line.settings import Serve


class ContentSources:
    """All texts as they are in the files, validated, with the state of approval.

    Args:
        root: the folder that holds content/ and locales/.

    Raises:
        ConfigurationError: with every problem found in the files.

    Attributes:
        root: the same folder.
        content: the English texts.
        contact_rows: the file that holds the contacts.
        concepts: id -> concept, in the order of their precedence.
        phrases: normalised phrase -> its meanings, over all languages.
        languages: tag -> language, in the order of their numbers.
        model: the SHA-256 of the sentence model; empty without one.
        model_path: its file.
        decision: how sentences are decided on; None without a file that says so.
        spelling: folds the spellings of a word into one.
        own_letters: tag -> Latin letters -> own letters, for texts in Latin letters.
        other_languages: tag -> frequent words, for languages that the line does not have.
        outreach: the chapters for outreach workers.
        tree: the screens.
        texts: every string to translate.
        outreach_texts: every string for outreach workers, in both of its languages.
        approvals: tag -> the state of approval of that language.
    """

    def __init__(self, root: Path) -> None:
        _raise_source_problems(missing_folders(root))
        self.root = root
        folder, locales = root / "content", root / "locales"
        self.model_path = folder / model_file.NAME
        self.model = model_file.hash_beside(self.model_path)
        problems: list[Problem] = []
        documents = [
            yaml_file.load(path, problems) for path in content_reader.content_files(folder)
        ]
        self.content = content_reader.load(tables.country(folder), documents, problems)
        self.contact_rows = documents[0]
        concept_rows = words.concept_rows(folder, problems)
        topics = (document.path.stem for document in documents[2:])
        self.languages = languages.load(locales, {*concept_rows, *topics}, problems)
        self.other_languages = languages.load_other(locales, problems)
        self.decision = tables.decision(folder, self.content, problems)
        self.spelling = words.spelling(locales, problems)
        self.own_letters = words.own_letters(locales, problems)
        chapters = yaml_file.load(folder / "outreach.yaml", problems)
        spoken = self.content.country.languages
        self.outreach = tables.outreach(chapters, spoken, problems)
        _raise_source_problems(problems)
        self.concepts = words.concepts(concept_rows, self.content)
        self.phrases = words.meanings(self.languages.values(), self.concepts, self.spelling)
        self.texts = [text for row in documents for text in catalogs.english_strings(row)]
        self.outreach_texts = list(tables.outreach_strings(chapters, spoken))
        _raise_source_problems(self.source_problems())
        self.tree = ScreenTree(self.content)
        self.approvals = approvals(self.tree, self.languages, self.texts)

    def source_problems(self) -> Iterator[Problem]:
        """Yield every problem between the files."""
        yield from validation.problems(
            self.content, self.concepts, self.languages, self.texts, self.outreach_texts
        )
        yield from words.meaning_problems(self.languages, self.concepts, self.phrases)

    def load_model(self) -> LoadedModel:
        """Read the sentence model, which the line reads at its start."""
        return model_file.load_sentence(self.model_path, self.model)

    def served(self, serve: Serve) -> Self:
        """Return a copy that holds no translation that may not be sent; `approvals` stay."""
        if serve == "drafts":
            return self
        other = copy(self)
        other.languages = {
            tag: replace(source, withheld=self.approvals[tag].withheld)
            for tag, source in self.languages.items()
        }
        return other

    @property
    def states(self) -> dict[str, str]:
        """Tag -> `approved`, `partial` (its core) or `draft`, for each language with texts."""
        rows = self.approvals.items()
        return {tag: row.state for tag, row in rows if row.source.has_texts}

    def damaged_approvals(self) -> list[Problem]:
        """Return every problem of a review.yaml; such a language counts as not approved."""
        rows = self.languages.values()
        return [problem for row in rows for problem in row.approvals.problems]

    def lost_approvals(self, tags: Iterable[str]) -> list[Problem]:
        """Return a problem for each damaged review.yaml, and each language that lost approvals."""
        lost = (problem for tag in tags for problem in self.approvals[tag].lost_problems())
        return [*self.damaged_approvals(), *lost]

    def untranslated_problems(self, tags: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each language with full texts that lacks translations.

        One whose English changed is not counted: it is known, and waits for its translator.
        """
        for source in (self.languages[tag] for tag in tags):
            keys = [text.key for text in self.texts if text.key not in source.catalog.fuzzy]
            missing = sum(source.translate(*key) is None for key in keys)
            if missing and source.texts == "full":
                summary = f"{missing} of {len(self.texts)} untranslated"
                fix = "Translate them (docs/publishing.md); until then English is sent"
                yield Problem(source.language.tag, summary, fix, waits=True)


def _raise_source_problems(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise ConfigurationError(found)
