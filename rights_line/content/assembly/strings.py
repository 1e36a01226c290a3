"""The source strings of all screens, so that a reviewer can quote them to an editor."""

from collections.abc import Iterable

from rights_line.content.approvals.approval_rule import missing_roles
from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree
from rights_line.content.files.languages import LanguageSource
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.library.schema import SourceString, Strings, Translation


def build_strings(sources: ContentSources, tree: ScreenTree) -> Strings:
    """Return the source strings, with their translations and the state of each."""
    rows = sources.texts
    places = {(text.context, text.message): place for place, text in enumerate(rows)}

    def strings(keys: Iterable[MessageKey]) -> tuple[int, ...]:
        return tuple(places[key] for key in keys)

    def translations(language: LanguageSource) -> dict[int, Translation]:
        found = ((row, language.translate(row.context, row.message)) for row in rows)
        return {
            place: Translation(text, not missing_roles(language, row))
            for place, (row, text) in enumerate(found)
            if text is not None
        }

    return Strings(
        strings=tuple(
            SourceString(row.context, row.message, f"{display_path(row.path)}:{row.line}")
            for row in rows
        ),
        translations={
            tag: translations(row) for tag, row in sources.languages.items() if row.has_texts
        },
        bodies={row.code: strings(row.body) for row in tree.screens},
        labels={row.code: strings(label for _, label in row.links) for row in tree.screens},
        titles={code: places[key] for code, key in tree.titles.items()},
        phrases={name: places[name, message] for name, message in sources.content.phrases.items()},
        fixed=sources.content.fixed,
    )
