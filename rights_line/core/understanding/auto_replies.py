"""What phones and machines write by themselves, and what they quote of ours."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from rights_line.core.understanding.normalise import MAX_LENGTH, normalise

# A reaction as Android and iOS send it to a phone that cannot show one: a verb or an emoji, then
# the message in quotation marks. The verbs are for reactions to pictures and to others' words.
_VERBS = (
    r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20} to|"
    r"removed an? .{1,30} from|likte|elsket|mislikte|lo av|fremhevet|stilte spørsmål ved|"
    r"reagerte .{1,20} på|fjernet .{1,30} fra"
)
_PICTURES = r"an? (?:audio |voice )?(?:attachment|image|link|message|photo|picture|sticker|video)"
_QUOTE = "\"“”„«»‘’‚'"
_REACTION = re.compile(
    rf"\W*(?:{_VERBS})\s+(?:{_PICTURES}|[{_QUOTE}].*)\W*", re.IGNORECASE | re.DOTALL
)
# No dash, dot or quotation mark begins one: behind it a person may quote who threatens her.
_EMOJI_TO = re.compile(
    rf"[\s\u200a\u200b]*[^\w\s\x00-\u203b]\W*\s\w{{1,4}}\s+\W*[{_QUOTE}].*", re.DOTALL
)
_QUOTED = re.compile(rf"[^{_QUOTE}]{{0,40}}[{_QUOTE}](.+)", re.DOTALL)

# What phones answer for a driver, mail systems for somebody away, and gateways for themselves. All
# begin with it, or are no more than it: a person who cannot talk, who drives away from somebody or
# whose message was not sent says more, and must be answered.
_AUTOMATIC = re.compile(
    r"\bmailer-daemon\b|"
    r"^\W*(?:(?:your|the|this) )?message(?: to [+\d ]+)?(?: was| could| has| is)? not "
    r"(?:be |been )?(?:delivered|sent)\W*$|"
    r"^\W*undeliver(?:able|ed)\b|^\W*delivery (?:failure|status|report)|"
    r"^\W*(?:melding|sms)\w*(?: din)?(?: til [+\d ]+)?(?: ble| er| kan| kunne)? ikke "
    r"(?:bli )?lever(?:t|es)\W*$|"
    r"^\W*auto(?:matic)?[ -]?(?:reply|response)\b|^\W*(?:i['’]?m |i am )?out of (?:the )?office\b|"
    r"^\W*(?:automatisk svar|autosvar|fraværsmelding)\b|"
    r"^\W*(?:i['’]?m|i am) driving(?: right now)?(?:\W*$| with .{1,30} turned on\b)|"
    r"^\W*jeg kjører(?: nå)?(?:\W+svarer senere\W*$|\W*$| med ikke forstyrr\b)|"
    r"^\W*can['’]?t talk right now\W+what['’]?s up\W*$",
    re.IGNORECASE | re.DOTALL,
)
_MIN_WORDS = 12  # letters of a line of ours that are too many to be there by chance
# The same wherever they stand: a person may have written "in danger call" and a number themselves.
_MIN_LINE_LENGTH, _MIN_PREFIX_LENGTH = 20, 40
_MIN_REST_LENGTH = 5  # of a line that stands beside others of ours


def is_auto_reply(text: str, own_lines: Sequence[str]) -> bool:
    """Tell whether no person wrote this: a reaction, an automatic reply, a failed delivery.

    `ours` are the lines of our own texts, cleaned and sorted.
    """
    if _REACTION.fullmatch(text) or _EMOJI_TO.fullmatch(text) or _AUTOMATIC.search(text):
        return True
    quoted = _QUOTED.fullmatch(text)
    return quoted is not None and _is_own_line(
        normalise(quoted[1].split("\n")[0]), own_lines, prefix=True
    )


def strip_quoted_lines(text: str, own_lines: Sequence[str]) -> str:
    """Return a text, normalised, without the lines that quote ours.

    A menu that is sent back is not a question. One line of ours may be a choice, and is kept.
    """
    lines = [normalise(line) for line in text.split("\n") if not line.lstrip().startswith(">")]
    quoted = {line for line in lines if _is_own_line(line, own_lines)}
    if sum(line in quoted for line in lines) > 1:
        lines = [line for line in lines if line not in quoted]
    return " ".join(filter(None, lines))[:MAX_LENGTH].strip()


def strip_own_text(words: str, own_lines: Sequence[str]) -> str | None:
    """Return a cleaned text without our lines, wherever they stand, the last perhaps cut off.

    None: it has none of them.
    """
    found = [line for line in own_lines if len(line) >= _MIN_REST_LENGTH and line in words]
    quotes = any(len(line) >= _MIN_LINE_LENGTH for line in found)
    rest = words
    for line in sorted(found, key=len, reverse=True) if quotes else ():
        rest = rest.replace(line, " ")
    rest = " ".join(rest.split())
    least = _MIN_WORDS if quotes else _MIN_PREFIX_LENGTH
    starts = [0, *(space.end() for space in re.finditer(" ", rest))]
    for start in starts:
        tail = rest[start:]
        place = bisect_left(own_lines, tail)
        if len(tail) >= least and place < len(own_lines) and own_lines[place].startswith(tail):
            return rest[:start]
    return rest if quotes else None


def _is_own_line(line: str, own_lines: Sequence[str], prefix: bool = False) -> bool:
    """Tell whether a normalised line is one of ours, or the beginning of one."""
    place = bisect_left(own_lines, line)
    if not line or place == len(own_lines):
        return False
    if prefix:  # "ok" in quotation marks may be anybody's
        return len(line) >= _MIN_WORDS and own_lines[place].startswith(line)
    return own_lines[place] == line
