"""The keys of each YAML file in content/ and locales/, with a rule for each value."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args
from zoneinfo import ZoneInfo

from rights_line.content.files.rules import (
    DATE,
    INITIALS,
    TEXT,
    list_rule,
    mapping_rule,
    one_of_rule,
    text_rule,
)
from rights_line.content.files.yaml_mapping import Rule, Rules, YamlMapping
from rights_line.core.sms import Encoding
from rights_line.core.understanding.sentences.costs import Costs
from rights_line.core.understanding.sentences.evidence import Weights
from rights_line.core.understanding.sentences.offer import Unsure
from rights_line.core.understanding.text import scripts

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLDED = "folded"  # exceeds GSM-7 as written, fits it after folding

CODE = text_rule(r"[1-9]\d{0,5}", "digits in quotes", '"41"')
LINK = text_rule(
    r"[1-9]\d{0,5}|[a-z][a-z0-9_]*", "a code in quotes, or the id of a contact", '"41"'
)
TIME = text_rule(r"([01]\d|2[0-3]):[0-5]\d", "a time in quotes", '"09:00"')
BOOLEAN = Rule(lambda value: isinstance(value, bool), "true or false", "true")
ID = text_rule(r"[a-z0-9_]+", "small letters, digits and _", "rosa_24h")

# Consecutive, so that a screen can show them as "first-last".
CONSECUTIVE_DAYS = Rule(
    lambda value: any(
        value == list(DAYS[first:last]) for last in range(8) for first in range(last)
    ),
    "consecutive days",
    "[mon, tue, wed]",
)
_PERIOD = mapping_rule({"days": CONSECUTIVE_DAYS, "from": TIME, "to": TIME})
PERIOD = Rule(
    lambda value: _PERIOD.allows(value) and value["from"] < value["to"],
    f"{_PERIOD.expected}, where from is before to",
    """{days: [mon, tue], from: "10:00", to: "15:00"}""",
)
HOURS = Rule(
    lambda value: value == "always" or (bool(value) and list_rule(PERIOD).allows(value)),
    f"always or {list_rule(PERIOD).expected}",
    list_rule(PERIOD).example,
)
PART = one_of_rule(*range(1, 9))
IN_GUIDE = mapping_rule({"part": PART, "heading": TEXT})
ABOUT_THE_SERVICE = mapping_rule({"service": TEXT})
OUTSIDE = mapping_rule({"outside": TEXT, "seen": DATE})
ENGLISH = Rule(
    lambda value: any(rule.allows(value) for rule in (IN_GUIDE, ABOUT_THE_SERVICE, OUTSIDE)),
    "{part: ..., heading: ...} of the guide, {service: a file of this repository}"
    " or {outside: the publication, seen: a date}",
    '{part: 8, heading: "The Police"}',
)
AUDIENCE = list_rule(one_of_rule("adult", "minor", "worried", "professional"))
PROVENANCE: Rules = {"facts": list_rule(ID), "source": list_rule(ENGLISH)}

NUMBER = text_rule(r"\d[\d ]*\d", "the number in quotes, as the guide prints it", '"12 34 56 78"')
# A number that has changed since the guide was printed: `to` is published in place of `number`.
MOVED = mapping_rule({"to": NUMBER, "on": DATE, "by": INITIALS, "source": TEXT})
CONTACT: Rules = {
    "name": TEXT,
    "number": NUMBER,
    "audience": AUDIENCE,
    "text": TEXT,
    "verified_on": DATE,
    "verify_by": DATE,
    **PROVENANCE,
}
# As the guide prints them. No word in an address may give the reader away
# (tests/content/texts/test_web_addresses.py).
WEB = list_rule(
    text_rule(
        r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9-]+)*", "an address without https://", "example.no/en"
    )
)

CONTACT_OPTIONAL: Rules = {
    "e164": text_rule(r"\+\d{7,15}", "the country code and the number, in quotes", '"+4712345678"'),
    "hours": HOURS,
    "languages": list_rule(TEXT),
    "see": list_rule(LINK),
    "web": WEB,
    "verified_by": INITIALS,
    "moved": MOVED,
    **dict.fromkeys(("interpreter", "free", "anonymous", "emergency"), BOOLEAN),
}

PASSAGE: Rules = {"code": CODE, "text": TEXT, **PROVENANCE}
# A passage with a title is a choice on the topic's first screen; one without a title follows the
# screen before it. One with answers is a question: yes leads to one code, no to another. `see`
# links to other topics, to passages with a title, or by its id to a contact.
ANSWERS = mapping_rule({"yes": CODE, "no": CODE})
PASSAGE_OPTIONAL: Rules = {
    "title": TEXT,
    "see": list_rule(LINK),
    "web": WEB,
    "answers": ANSWERS,
}
TOPIC: Rules = {
    "code": CODE,
    "title": TEXT,
    "audience": AUDIENCE,
}
TOPIC_OPTIONAL: Rules = {
    "text": TEXT,
    "more": list_rule(mapping_rule(PASSAGE, PASSAGE_OPTIONAL)),
    "also": list_rule(CODE),
    "see": list_rule(LINK),
    "web": WEB,
    "answers": ANSWERS,
    **PROVENANCE,
}

ADVICE_OPTIONAL: Rules = {"web": WEB}


def advice_rules(languages: Iterable[str]) -> Rules:
    """Return the keys of a paragraph in content/outreach.yaml: its languages side by side."""
    return {**dict.fromkeys(languages, TEXT), **PROVENANCE}


def chapter_rules(languages: Iterable[str]) -> Rules:
    """Return the keys of a chapter in content/outreach.yaml."""
    paragraph = mapping_rule(advice_rules(languages))
    row = Rule(lambda value: isinstance(value, YamlMapping), paragraph.expected, paragraph.example)
    return {**dict.fromkeys(languages, TEXT), "says": list_rule(row)}


# content/guide_facts.yaml; the header of that file explains each key.
LINE = Rule(
    lambda value: type(value) is int and value > 0, "a line number of the guide's text", "1543"
)
LINE_RANGE = Rule(
    lambda value: (
        isinstance(value, list)
        and len(value) == 2
        and all(map(LINE.allows, value))
        and value[0] < value[1]
    ),
    "the first and last line of the part",
    "[65, 599]",
)
WORD = text_rule(r"[^\s*].+\S", "words of three letters or more", "lawyer")
WORD_GROUPS = Rule(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and all(bool(group) and list_rule(WORD).allows(group) for group in value)
    ),
    f"a list of groups, each of them {list_rule(WORD).expected}",
    '[[lawyer, advocate], ["{rosa}"]]',
)
GUIDE: Rules = dict.fromkeys(
    ("parts", "facts", "phones", "web"),
    Rule(
        lambda value: isinstance(value, YamlMapping) and bool(value),
        "at least one row",
        "{<key>: {...}}",
    ),
)
GUIDE_PART: Rules = {"lines": LINE_RANGE, "headings": list_rule(TEXT)}
GUIDE_PLACE: Rules = {"part": PART, "line": LINE}
GUIDE_FACT: Rules = {
    **GUIDE_PLACE,
    "heading": TEXT,
    "audience": one_of_rule("adult_victim", "minor", "concerned_person", "professional"),
    "summary": text_rule(
        r"\S.{1,158}[.?]",
        "one sentence of at most 160 characters that ends with a full stop",
        '"ROSA answers day and night."',
    ),
}
# Table -> the required and the optional keys of its rows.
GUIDE_ROWS: dict[str, tuple[Rules, Rules]] = {
    "parts": (GUIDE_PART, {}),
    "facts": (GUIDE_FACT, {"says": WORD_GROUPS}),
    "phones": (GUIDE_PLACE, {}),
    "web": (GUIDE_PLACE, {}),
}
# One list of content/left_out.yaml.
LEFT_OUT = list_rule(ID)

# A fixed phrase may have several lines, because it is never a msgid.
LINES = text_rule(
    r"(?s)\S(?:.*\S)?", "text in quotes, without spaces around it", '"{police}\\n{rosa}"'
)
PHRASE_OPTIONAL: Rules = {"text": TEXT, "fixed": LINES, "note": TEXT}

# content/concepts.yaml; the header of that file explains each key.
CONCEPT: Rules = {"question": TEXT}
CONCEPT_OPTIONAL: Rules = {
    "leads_to": text_rule(
        r"[a-z0-9_]+", "the id of a topic, a contact or an answer, or a code in quotes", "work"
    ),
    "also": list_rule(text_rule(r"\d{1,6}", "digits in quotes", '"41"')),
    "kind": one_of_rule("emergency", "topic", "greeting", "act", "harmless"),
    "certain": BOOLEAN,
    "aside": BOOLEAN,
    "never": list_rule(text_rule(r"\d{1,6}", "digits in quotes", '"41"')),
}

POSITIVE = Rule(
    lambda value: type(value) in (int, float) and value >= 0, "a number of 0 or more", "1.5"
)
DECISION: Rules = {
    "costs": mapping_rule(dict.fromkeys(Costs._fields, POSITIVE)),
    "weights": mapping_rule(dict.fromkeys(Weights._fields, POSITIVE)),
    "unsure": mapping_rule(dict.fromkeys(Unsure._fields, POSITIVE)),
}

RECORDING = text_rule(
    r"[0-9a-f]{12}",
    "the fingerprint that `rights-line import-recordings` writes",
    '"0123456789ab"',
)


def _is_fold_table(value: object) -> bool:
    return isinstance(value, dict) and all(
        len(letter) == 1 and letter.isalpha() and isinstance(plain, str) and plain[:1].isalpha()
        for letter, plain in value.items()
    )


def _is_glossary(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(word, str) and word == word.casefold() and isinstance(meaning, str)
        for word, meaning in value.items()
    )


_TAG = text_rule(r"[a-z]{2,3}(-[A-Z][A-Za-z]+)?", "a language tag", "en")
LANGUAGE: Rules = {
    "number": text_rule(r"(?!98|99)[1-9]\d?", 'digits in quotes, "1" to "97"', '"9"'),
    "word": text_rule(r"[A-Z]{4,}", "four or more capitals, A to Z", "POLSKI"),
    "label": TEXT,
    "own_name": TEXT,
    "norwegian": TEXT,
    "locale": text_rule(
        r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?", "the nearest locale of Unicode CLDR", "pt_BR"
    ),
    "script": Rule(scripts.is_known, "a script code of ISO 15924", "Latn"),
    "direction": one_of_rule("ltr", "rtl"),
    "encoding": one_of_rule(*get_args(Encoding), FOLDED),
}
LANGUAGE_WITH_TEXTS: Rules = {"texts": one_of_rule("full", "short", "started", "none")}
_WEEK = Rule(
    lambda value: list_rule(TEXT).allows(value) and len(value) == len(DAYS),
    "seven texts, from Monday to Sunday",
    "[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]",
)
# Required in a language with texts, for opening hours.
WEEKDAYS: Rules = {"weekdays": _WEEK, "weekdays_short": _WEEK}
LANGUAGE_OPTIONAL: Rules = {
    **WEEKDAYS,
    **dict.fromkeys(("borrows", "close_to"), list_rule(_TAG)),
    "english": TEXT,
    "fold": Rule(_is_fold_table, "a mapping from a letter to its replacement, no digits", "{ą: a}"),
    "heard_as": _TAG,
    "voice": text_rule(r"(Polly|Google)\.[A-Za-z0-9-]+", "Twilio's name of the voice", "Polly.Amy"),
}

# For the editors alone: the line itself does not need it.
LANGUAGE_EDITORIAL: Rules = {
    "not_folded": Rule(
        _is_glossary, "a mapping from a word to what it means without its marks", "{sąd: orchard}"
    ),
}


def _is_letter_table(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(row, str) and isinstance(letters, str) and len(letters) in (0, len(row))
        for row, letters in value.items()
    )


_WORD = Rule(lambda value: isinstance(value, str) and value.split() == [value], "one word", "nahi")
SPELLING: Rules = {
    "letters": Rule(
        _is_letter_table, "a mapping from letters to as many others, or to none", "{ሠሡ: ሰሱ}"
    ),
    "endings": TEXT,
    "words": Rule(
        lambda value: (
            isinstance(value, Mapping)
            and all(_WORD.allows(word) for pair in value.items() for word in pair)
        ),
        "a mapping from a word to its usual spelling",
        "{nhi: nahi}",
    ),
    "prefixes": list_rule(_WORD),
    "suffixes": list_rule(_WORD),
}


def _is_time_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


def _is_whole_number(value: object) -> bool:
    return type(value) is int


_LANGUAGES = list_rule(_TAG)
# content/country.yaml; the header of that file explains each key.
COUNTRY: Rules = {
    "name": TEXT,
    "title": TEXT,
    "languages": Rule(
        lambda value: _LANGUAGES.allows(value) and "en" in value,
        "a list of language tags, with en among them",
        "[nb, en]",
    ),
    "time_zone": Rule(_is_time_zone, "a time zone", "Europe/Oslo"),
    "calling_code": text_rule(r"\+[1-9]\d{0,2}", "a country calling code in quotes", '"+47"'),
    "digits": Rule(lambda value: value in range(5, 13), "a number from 5 to 12", "8"),
    "leave_to": text_rule(r"https://\S+", "an address with https://", "https://www.yr.no/"),
    "helplines": mapping_rule(dict.fromkeys(("emergency", "adults", "minors"), ID)),
    "public_holidays": mapping_rule(
        {
            "fixed": list_rule(
                text_rule(r"(0[1-9]|1[0-2])-([0-2]\d|3[01])", "month-day in quotes", '"05-17"')
            ),
            "after_easter": list_rule(Rule(_is_whole_number, "a number of days", "39")),
        }
    ),
}


def phrases_of_key(value: Any) -> Any:
    """Return the phrases of a key in words.yaml: a list, or a text with one a line."""
    return value.splitlines() if isinstance(value, str) else value


def _is_phrase_list(value: object) -> bool:
    phrases = phrases_of_key(value)
    return isinstance(phrases, list) and all(
        isinstance(phrase, str) and phrase and phrase == phrase.strip() and "\n" not in phrase
        for phrase in phrases
    )


PHRASES = Rule(_is_phrase_list, "a list of texts, or one text a line below a |", "[work, my boss]")
# The ages that a person may write in words.
AGES = range(10, 41)
# The keys of words.yaml besides the concepts.
WORDS_OPTIONAL: Rules = dict.fromkeys(
    (
        "names",
        "everyone",
        "hello",
        "joiners",
        "avoid",
        "call",
        "my_age",
        "others",
        "i_am_from",
        "units",
    ),
    PHRASES,
) | {
    "ages": Rule(
        lambda value: _is_phrase_list(value) and len(phrases_of_key(value)) == len(AGES),
        f"the words for {AGES[0]} to {AGES[-1]}, one age a line, several with a slash between",
        "[ten, eleven, ...]",
    ),
    "numbers": Rule(
        lambda value: _is_phrase_list(value) and len(phrases_of_key(value)) == 9,
        "the nine words for 1 to 9",
        "[one, two, three, four, five, six, seven, eight, nine]",
    ),
}
