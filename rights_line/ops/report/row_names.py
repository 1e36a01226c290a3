"""The names of languages, topics and helplines in a report."""

from babel import Locale

from rights_line.content.loader import ContentSources
from rights_line.core.library import MULTILINGUAL
from rights_line.ops.counts_file import HELPLINES, LANGUAGES, TOPICS


def row_names(sources: ContentSources) -> dict[str, dict[str, str]]:
    """Return kind -> name in the file of counts -> English name."""
    languages = {
        tag: Locale.parse(source.language.locale).english_name or tag
        for tag, source in sources.languages.items()
    }
    topics = {name: topic.title for name, topic in sources.content.topics.items()}
    return {
        LANGUAGES: {**languages, MULTILINGUAL: "Several languages"},
        TOPICS: {**topics, "menu": "Menu", "unclear": "Not understood"},
        HELPLINES: {name: contact.name for name, contact in sources.content.contacts.items()},
    }
