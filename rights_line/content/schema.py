"""The keys of each YAML file in content/ and locales/, with a rule for each value."""

from typing import Any, get_args

from rights_line.content import rules
from rights_line.content.yaml_file import Rule, Rules
from rights_line.core.sms import Encoding
from rights_line.core.understanding.words import scripts

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLDED = "folded"  # exceeds GSM-7 as written, fits it after folding

CODE = rules.text(r"[1-9]\d{0,5}", "digits in quotes", '"41"')
LINK = rules.text(
    r"[1-9]\d{0,5}|[a-z][a-z0-9_]*", "a code in quotes, or the id of a contact", '"41"'
)
TIME = rules.text(r"([01]\d|2[0-3]):[0-5]\d", "a time in quotes", '"09:00"')
BOOLEAN = Rule(lambda value: isinstance(value, bool), "true or false", "true")
ID = rules.text(r"[a-z0-9_]+", "small letters, digits and _", "rosa_24h")

# Consecutive, so that a screen can show them as "first-last".
CONSECUTIVE_DAYS = Rule(
    lambda value: any(
        value == list(DAYS[first:last]) for last in range(8) for first in range(last)
    ),
    "consecutive days",
    "[mon, tue, wed]",
)
_PERIOD = rules.mapping({"days": CONSECUTIVE_DAYS, "from": TIME, "to": TIME})
PERIOD = Rule(
    lambda value: _PERIOD.allows(value) and value["from"] < value["to"],
    f"{_PERIOD.expected}, where from is before to",
    """{days: [mon, tue], from: "10:00", to: "15:00"}""",
)
_PERIODS = rules.list_of(PERIOD, least=1)
HOURS = Rule(
    lambda value: value == "always" or _PERIODS.allows(value),
    f"always or {_PERIODS.expected}",
    _PERIODS.example,
)
PART = rules.one_of(*range(1, 9))
_SOURCES = (
    rules.mapping({"part": PART, "heading": rules.TEXT}),
    rules.mapping({"service": rules.TEXT}),
    rules.mapping({"outside": rules.TEXT, "seen": rules.DATE}),
)
SOURCE = Rule(
    lambda value: any(rule.allows(value) for rule in _SOURCES),
    "{part: ..., heading: ...} of the guide, {service: a file of this repository}"
    " or {outside: the publication, seen: a date}",
    '{part: 8, heading: "The Police"}',
)
AUDIENCE = rules.list_of(rules.one_of("adult", "minor", "worried", "professional"))
PROVENANCE: Rules = {"facts": rules.list_of(ID), "source": rules.list_of(SOURCE)}

NUMBER = rules.text(r"\d[\d ]*\d", "the number in quotes, as the guide prints it", '"12 34 56 78"')
# A number that has changed since the guide was printed: `to` is published in place of `number`.
MOVED = rules.mapping({"to": NUMBER, "on": rules.DATE, "by": rules.INITIALS, "source": rules.TEXT})
CONTACT: Rules = {
    "name": rules.TEXT,
    "number": NUMBER,
    "audience": AUDIENCE,
    "text": rules.TEXT,
    "verified_on": rules.DATE,
    "verify_by": rules.DATE,
    **PROVENANCE,
}
# As the guide prints them. No word in an address may give the reader away
# (tests/content/texts/test_web_addresses.py).
WEB = rules.list_of(
    rules.text(
        r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9-]+)*", "an address without https://", "example.no/en"
    )
)

CONTACT_OPTIONAL: Rules = {
    "e164": rules.text(r"\+\d{7,15}", "country code and number, in quotes", '"+4712345678"'),
    "hours": HOURS,
    "languages": rules.list_of(rules.TEXT),
    "see": rules.list_of(LINK),
    "link_from": CODE,
    "web": WEB,
    "verified_by": rules.INITIALS,
    "moved": MOVED,
    **dict.fromkeys(("interpreter", "free", "anonymous", "emergency"), BOOLEAN),
}

PASSAGE: Rules = {"code": CODE, "text": rules.TEXT, **PROVENANCE}
# A passage with a title is a choice on the topic's first screen; one without a title follows the
# screen before it. One with answers is a question: yes leads to one code, no to another. `see`
# links to other topics, to passages with a title, or by its id to a contact.
_LEADS_ON: Rules = {
    "see": rules.list_of(LINK),
    "web": WEB,
    "answers": rules.mapping({"yes": CODE, "no": CODE}),
}
PASSAGE_OPTIONAL: Rules = {"title": rules.TEXT, **_LEADS_ON}
TOPIC: Rules = {"code": CODE, "title": rules.TEXT, "audience": AUDIENCE}
TOPIC_OPTIONAL: Rules = {
    "text": rules.TEXT,
    "more": rules.rows(PASSAGE, PASSAGE_OPTIONAL),
    "also": rules.list_of(CODE),
    **_LEADS_ON,
    **PROVENANCE,
}


# A fixed phrase may have several lines, because it is never a msgid.
LINES = rules.text(
    r"(?s)\S(?:.*\S)?", "text in quotes, without spaces around it", '"{police}\\n{rosa}"'
)
PHRASE_OPTIONAL: Rules = {"text": rules.TEXT, "fixed": LINES, "note": rules.TEXT}

RECORDING = rules.text(
    r"[0-9a-f]{12}",
    "the fingerprint that `rights-line import-recordings` writes",
    '"0123456789ab"',
)

_TAG = rules.text(r"[a-z]{2,3}(-[A-Z][A-Za-z]+)?", "a language tag", "en")
TAGS = rules.list_of(_TAG)
_WEEK = Rule(
    lambda value: rules.list_of(rules.TEXT).allows(value) and len(value) == len(DAYS),
    "seven texts, from Monday to Sunday",
    "[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]",
)
LANGUAGE: Rules = {
    "number": rules.text(r"(?!98|99)[1-9]\d?", 'digits in quotes, "1" to "97"', '"9"'),
    "word": rules.text(r"[A-Z]{4,}", "four or more capitals, A to Z", "POLSKI"),
    "label": rules.TEXT,
    "own_name": rules.TEXT,
    "norwegian": rules.TEXT,
    "locale": rules.text(
        r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?", "the nearest locale of Unicode CLDR", "pt_BR"
    ),
    "script": Rule(scripts.is_known, "a script code of ISO 15924", "Latn"),
    "direction": rules.one_of("ltr", "rtl"),
    "encoding": rules.one_of(*get_args(Encoding), FOLDED),
    "texts": rules.one_of("full", "short", "started"),
    "weekdays": _WEEK,
    "weekdays_short": _WEEK,
}
LANGUAGE_OPTIONAL: Rules = {
    **dict.fromkeys(("borrows", "close_to"), TAGS),
    "english": rules.TEXT,
    "fold": rules.pairs(
        lambda letter, plain: len(letter) == 1 and letter.isalpha() and plain[:1].isalpha(),
        "a mapping from a letter to its replacement, no digits",
        "{ą: a}",
    ),
    "heard_as": _TAG,
    "not_folded": rules.pairs(
        lambda word, _: word == word.casefold(),
        "a mapping from a word to what it means without its marks",
        "{sąd: orchard}",
    ),
    "own_words": rules.list_of(rules.TEXT),
    "voice": rules.text(r"(Polly|Google)\.[A-Za-z0-9-]+", "Twilio's name of a voice", "Polly.Amy"),
}


def phrases_of_key(value: Any) -> Any:
    """Return the phrases of a key in words.yaml: a list, or a text with one a line."""
    return value.splitlines() if isinstance(value, str) else value


def _phrases_rule(expected: str, example: str, count: int | None = None) -> Rule:
    """Return the rule for phrases, of which there must be `count` if it is given."""

    def allows(value: object) -> bool:
        phrases = phrases_of_key(value)
        return (
            isinstance(phrases, list)
            and count in (None, len(phrases))
            and all(isinstance(phrase, str) and phrase for phrase in phrases)
            and all(phrase == phrase.strip() and "\n" not in phrase for phrase in phrases)
        )

    return Rule(allows, expected, example)


PHRASES = _phrases_rule("a list of texts, or one text a line below a |", "[work, my boss]")
# The ages that a person may write in words.
AGES = range(10, 41)
# The keys of words.yaml that lead to no screen, so that a reserved word does no harm in them.
UNSENT_WORDS = (
    *("avoid", "call", "joiners", "my_age", "others", "i_am_from", "units", "ages", "numbers"),
    *("selves", "reach", "swallowed"),
)
# The keys of words.yaml besides the concepts.
WORDS_OPTIONAL: Rules = {
    **dict.fromkeys(("names", "everyone", "hello", *UNSENT_WORDS), PHRASES),
    "ages": _phrases_rule(
        f"the words for {AGES[0]} to {AGES[-1]}, one age a line, several with a slash between",
        "[ten, eleven, ...]",
        len(AGES),
    ),
    "numbers": _phrases_rule(
        "the nine words for 1 to 9",
        "[one, two, three, four, five, six, seven, eight, nine]",
        9,
    ),
}
