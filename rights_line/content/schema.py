"""What each YAML file of content/ and locales/ may hold."""

from typing import get_args

from rights_line.content.yaml_file import (
    DATE,
    TEXT,
    Rule,
    Rules,
    YamlMapping,
    list_of,
    mapping,
    matching,
    one_of,
)
from rights_line.core.sms import Encoding
from rights_line.core.understanding.scripts import is_known_script

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLDED = "folded"  # outside GSM-7 as written, inside it after folding

CODE = matching(r"[1-9]\d{0,5}", 'Write digits in quotes, for example "41"')
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", 'Write a time in quotes, for example "09:00"')
BOOLEAN = one_of(True, False)
ID = matching(r"[a-z0-9_]+", "Write small letters, digits and _")

# Days that follow one another, so that they can be said as "first to last".
CONSECUTIVE_DAYS = Rule(
    lambda value: any(
        value == list(DAYS[first:last]) for last in range(8) for first in range(last)
    ),
    "Write days that follow one another, for example [mon, tue, wed]",
)
_RANGE = mapping({"days": CONSECUTIVE_DAYS, "from": TIME, "to": TIME})
RANGE = Rule(
    lambda value: _RANGE.allows(value) and value["from"] < value["to"],
    "Write {days: [mon, tue], from: '10:00', to: '15:00'}, the earlier time first",
)
HOURS = Rule(
    lambda value: value == "always" or (bool(value) and list_of(RANGE).allows(value)),
    "Write always, or a list of {days: [mon, tue], from: '10:00', to: '15:00'}",
)
PART = one_of(*range(1, 9))
IN_GUIDE = mapping({"part": PART, "heading": TEXT})
OF_OURS = mapping({"service": TEXT})
OUTSIDE = mapping({"outside": TEXT, "seen": DATE})
SOURCE = Rule(
    lambda value: any(rule.allows(value) for rule in (IN_GUIDE, OF_OURS, OUTSIDE)),
    "Write {part: 5, heading: ...} as in the guide, {service: a file of ours}, or"
    " {outside: who says so, seen: the date}",
)
AUDIENCE = list_of(one_of("adult", "minor", "worried", "professional"))
PROVENANCE: Rules = {"facts": list_of(ID), "source": list_of(SOURCE)}

CONTACT: Rules = {
    "name": TEXT,
    "number": matching(r"\d[\d ]*\d", "Write the number in quotes, as the guide prints it"),
    "audience": AUDIENCE,
    "text": TEXT,
    "verified_on": DATE,
    "verify_by": DATE,
    **PROVENANCE,
}
# As the guide has it; no word in it may give her away (tests/content/test_web_addresses.py).
WEB = list_of(matching(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9-]+)*", "Write it bare: example.no/en"))

CONTACT_OPTIONAL: Rules = {
    "e164": matching(r"\+47\d{8}", 'Write "+47" and eight digits'),
    "hours": HOURS,
    "languages": list_of(TEXT),
    "web": WEB,
    **dict.fromkeys(("interpreter", "free", "anonymous", "emergency"), BOOLEAN),
}

PASSAGE: Rules = {"code": CODE, "text": TEXT, **PROVENANCE}
# A passage with a title is a choice on the topic's first screen; one without is read on to.
# One with answers is a question: yes leads to one code, no to another.
PASSAGE_OPTIONAL: Rules = {"title": TEXT, "web": WEB, "answers": mapping({"yes": CODE, "no": CODE})}
TOPIC: Rules = {
    "code": CODE,
    "title": TEXT,
    "audience": AUDIENCE,
}
TOPIC_OPTIONAL: Rules = {
    "text": TEXT,
    "more": list_of(mapping(PASSAGE, PASSAGE_OPTIONAL)),
    "also": list_of(CODE),
    "see": list_of(CODE),
    "web": WEB,
    **PROVENANCE,
}

# What outreach workers are told, side by side in two languages.
ADVICE: Rules = {"en": TEXT, "nb": TEXT, **PROVENANCE}
ADVICE_OPTIONAL: Rules = {"web": WEB}
PARAGRAPH = Rule(
    lambda value: isinstance(value, YamlMapping), "Write a list of en, nb, facts, source"
)
CHAPTER: Rules = {"en": TEXT, "nb": TEXT, "says": list_of(PARAGRAPH)}

# content/guide_facts.yaml; the header of that file explains each key.
LINE = Rule(lambda value: type(value) is int and value > 0, "Write the line in the guide's text")
SPAN = Rule(
    lambda value: (
        isinstance(value, list)
        and len(value) == 2
        and all(map(LINE.allows, value))
        and value[0] < value[1]
    ),
    "Write [first, last] line of the part",
)
WORD = matching(
    r"[^\s*].+\S", 'Write words of three letters or more: [[lawyer, advocate], ["{rosa}", "112"]]'
)
TELLS = Rule(
    lambda value: (
        isinstance(value, list)
        and bool(value)
        and all(bool(group) and list_of(WORD).allows(group) for group in value)
    ),
    WORD.remedy,
)
GUIDE: Rules = dict.fromkeys(
    ("parts", "facts", "phones", "web"),
    Rule(lambda value: isinstance(value, YamlMapping) and bool(value), "Write rows below it"),
)
GUIDE_PART: Rules = {"lines": SPAN, "headings": list_of(TEXT)}
GUIDE_PLACE: Rules = {"part": PART, "line": LINE}
GUIDE_FACT: Rules = {
    **GUIDE_PLACE,
    "heading": TEXT,
    "audience": one_of("adult_victim", "minor", "concerned_person", "professional"),
    "summary": matching(
        r"\S.{1,158}[.?]", "Write one line of at most 160 characters, with a full stop"
    ),
}
# Table -> what its rows must and may hold.
GUIDE_ROWS: dict[str, tuple[Rules, Rules]] = {
    "parts": (GUIDE_PART, {}),
    "facts": (GUIDE_FACT, {"says": TELLS}),
    "phones": (GUIDE_PLACE, {}),
    "web": (GUIDE_PLACE, {}),
}
# One list of content/left_out.yaml.
EXCUSED = list_of(ID)

# A fixed phrase may have more lines than one: it is never a msgid.
LINES = matching(r"(?s)\S(?:.*\S)?", "Write a text in quotes, with no space around it")
PHRASE_OPTIONAL: Rules = {"text": TEXT, "fixed": LINES, "note": TEXT}


RECORDING = matching(r"[0-9a-f]{12}", "Write what `rights-line script` prints behind the code")


def _is_fold(value: object) -> bool:
    return isinstance(value, dict) and all(
        len(letter) == 1 and letter.isalpha() and isinstance(plain, str) and plain[:1].isalpha()
        for letter, plain in value.items()
    )


LANGUAGE: Rules = {
    "number": matching(r"(?!98|99)[1-9]\d?", 'Write digits in quotes, "1" to "97"'),
    "word": matching(r"[A-Z]{4,}", "Write four or more capitals, A to Z"),
    "label": TEXT,
    "own_name": TEXT,
    "norwegian": TEXT,
    "locale": TEXT,
    "script": Rule(is_known_script, "Write the script as in ISO 15924, for example Latn"),
    "direction": one_of("ltr", "rtl"),
    "encoding": one_of(*get_args(Encoding), FOLDED),
}
LANGUAGE_WITH_TEXTS: Rules = {"texts": one_of("full", "card", "none")}
LANGUAGE_OPTIONAL: Rules = {
    "fold": Rule(_is_fold, "Write letter: what stands for it, no digits"),
    "voice": matching(r"(Polly|Google)\.[A-Za-z0-9-]+", "Write Twilio's name for it: Polly.Amy"),
}

WORDS_OPTIONAL: Rules = dict.fromkeys(
    ("emergency", "menu", "close", "languages", "names", "everyone", "avoid", "call"), list_of(TEXT)
)
