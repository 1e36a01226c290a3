"""The row of a language in languages.yaml, as far as Unicode CLDR knows it."""

import re
import unicodedata
from collections.abc import Iterator

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from rights_line.content.files.languages import ENGLISH
from rights_line.content.loader import ContentSources
from rights_line.core.sms import count_sms
from rights_line.errors import ConfigurationError, Problem

STARTED = "started"  # `texts` of a language that is being translated


def language_row_locale(name: str, tag: str) -> Locale:
    """Return a locale; raise ConfigurationError if Unicode CLDR does not know it."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        fix = "Write it as CLDR does, such as cs or pt-BR, or add row and folder by hand"
        raise refusal(tag, "must be a language of Unicode CLDR", fix) from None


def refusal(tag: str, summary: str, fix: str) -> ConfigurationError:
    return ConfigurationError([Problem(f"language {tag}", summary, fix)])


def new(sources: ContentSources, tag: str, locale: Locale, word: str) -> Iterator[str]:
    script = locale.script or get_global("likely_subtags").get(str(locale), "__").split("_")[1]
    own_name = str(locale.get_display_name()).capitalize()
    label = (
        word.title() or _latin_name(own_name) or _latin_name(str(locale.get_display_name(ENGLISH)))
    )
    fits = count_sms(own_name + "".join(_weekdays(locale, "wide"))).encoding == "GSM-7"
    latin = "GSM-7" if fits else "folded"
    yield f"{tag}:"
    yield f'  number: "{max(int(row.language.number) for row in sources.languages.values()) + 1}"'
    yield f"  word: {label.upper()}"
    yield f"  label: {label}"
    yield f"  own_name: {own_name}"
    yield f"  norwegian: {locale.get_display_name('nb')}"
    yield f"  english: {locale.english_name}"
    yield f"  locale: {locale}"
    yield from _weekday_lines(locale)
    yield f"  script: {script}"
    yield f"  direction: {'rtl' if locale.text_direction == 'rtl' else 'ltr'}"
    yield f"  encoding: {latin if script == 'Latn' else 'UCS-2'}"
    yield f"  texts: {STARTED}"


def _latin_name(name: str) -> str:
    """Return a name in letters A to Z, or "" if it has none or others."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return plain if re.fullmatch("[A-Za-z]{4,}", plain) else ""


def _weekdays(locale: Locale, width: str) -> list[str]:
    return [locale.days["format"][width][day] for day in range(7)]


def _weekday_lines(locale: Locale) -> Iterator[str]:
    for key, width in (("weekdays", "wide"), ("weekdays_short", "abbreviated")):
        # YAML quotes a name that it would read as a boolean, such as "on".
        names = _weekdays(locale, width)
        days = yaml.safe_dump(names, default_flow_style=True, allow_unicode=True, width=1000)
        yield f"  {key}: {days.strip()}"


def with_started(text: str, tag: str, locale: Locale) -> str:
    """Return languages.yaml with the row of an understood language started."""
    days = "\n".join(_weekday_lines(locale))
    pattern = rf"(?m)^({tag}:\n(?: .*\n)*?)  texts: none$"
    return re.sub(pattern, lambda row: f"{row[1]}{days}\n  texts: {STARTED}", text)
