"""A sender's text as it is compared with the vocabulary, without quotes of ours."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rights_line.core.understanding.words import MAX_LENGTH, normalise

JOINER = "+"  # stands for any separator between two codes: "6, 3" is not 63
_LIST_OF_CODES = re.compile(r"\s*\d{1,4}(?:\s*[,;/&+]\s*\d{1,4})+\s*")
_SEPARATOR = re.compile(r"[,;/&+]")


@dataclass(frozen=True)
class NormalisedText:
    """A text, normalised once for each message (`normalise_text`)."""

    words: str = field(repr=False)  # the text without lines that start with ">" or quote our own
    all_words: str = field(repr=False)  # the whole text
    sentence: str = field(default="", repr=False)  # `words` as it was written, in one line
    is_auto_reply: bool = False  # whether a phone or a machine wrote it


def normalise_text(text: str, own_lines: Sequence[str]) -> NormalisedText:
    """Normalise a text; `own_lines` are the lines of our own texts, normalised and sorted.

    A single quote of our lines is kept, since it may be a choice from a menu. Characters beyond
    MAX_LENGTH are cut off before anything else looks at the text, so no longer text takes longer.
    """
    text = text[:MAX_LENGTH]
    if text.isascii() and text.isdigit():  # nearly every message is a code
        return NormalisedText(text, text)
    if _LIST_OF_CODES.fullmatch(text):
        codes = f" {JOINER} ".join(map(normalise, _SEPARATOR.split(text)))
        return NormalisedText(codes, codes)
    lines = [(line, normalise(line)) for line in text.split("\n")]
    kept = [(line, words) for line, words in lines if not line.lstrip().startswith(">")]
    quotes = {words for _, words in kept if is_own_line(words, own_lines)}
    if sum(words in quotes for _, words in kept) > 1:
        kept = [(line, words) for line, words in kept if words not in quotes]
    return NormalisedText(
        words=_join_lines([words for _, words in kept]),
        all_words=_join_lines([words for _, words in lines]),
        sentence=" ".join(" ".join(line for line, _ in kept).split()),
        is_auto_reply=is_auto_reply(text, own_lines),
    )


def _join_lines(lines: Sequence[str]) -> str:
    return " ".join(filter(None, lines))[:MAX_LENGTH].strip()


# Android and iOS send a reaction as text to phones that cannot show it: a verb or an emoji, then
# the message in quotation marks, or the kind of an attachment.
_VERBS = (
    r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20} to|"
    r"removed an? .{1,30} from|likte|elsket|mislikte|lo av|fremhevet|stilte spørsmål ved|"
    r"reagerte .{1,20} på|fjernet .{1,30} fra"
)
_PICTURES = r"an? (?:audio |voice )?(?:attachment|image|link|message|photo|picture|sticker|video)"
_QUOTE = "\"“”„«»‘’‚'"
# The rest of one quotation to the end of the text, after its first mark: a person may write
# 'liked "him" but he hits me'. Possessive quantifiers (*+, ++) keep all patterns here linear: one
# SMS once took 48 seconds (tests/web/test_time.py).
_REST_OF_QUOTE = r"""(?:[^\w"“”„«»]*+\w++)*+[^\w"“”„«»’‘'…]*+["“”«»‘’'…]\W*+"""
_REACTION = re.compile(
    rf"\W*+(?:{_VERBS})\s++(?:{_PICTURES}\W*+|[{_QUOTE}]{_REST_OF_QUOTE})",
    re.IGNORECASE | re.DOTALL,
)
# Must not start with a dash, dot or quotation mark: a person may quote a threat like that. The
# quoted message may begin with marks of its own.
_TO_MARK = rf"[^\w{_QUOTE}]*+[{_QUOTE}]"
_EMOJI_TO = re.compile(
    rf"[\s\u200b]*+[^\w\s\x00-\u203b]\W*+(?<=\s)\w{{1,4}}+\s"
    rf"(?:(?:{_TO_MARK})++|{_TO_MARK}){_REST_OF_QUOTE}"
)
_QUOTED = re.compile(rf"[^{_QUOTE}]{{0,40}}[{_QUOTE}](.+)", re.DOTALL)

# Automatic replies of phones (driving), mail systems (out of office) and SMS gateways (not
# delivered). Match whole texts, or the beginning of a known template: a person who writes "I can't
# talk, he hits me" or "I am out of the office where I worked" must get a reply.
_DAY = (
    r"(?:\d|mon|tue|wed|thu|fri|sat|sun|tomorrow|next|further notice|after|the \d|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_AUTOMATIC = re.compile(
    r"\bmailer-daemon\b|^\W*+(?:"
    r"(?:(?:your|the|this) )?message(?: to [+\d ]+)?(?: was| could| has| is)? not "
    r"(?:be |been )?(?:delivered|sent)\W*+$|"
    r"undeliver(?:able|ed)(?: mail| message)?\b *+(?::|\W*+$)|"
    r"delivery (?:failure|status|report)(?: notification)? *+(?:[:(]|\W*+$)|"
    r"(?:melding|sms)\w*(?: din)?(?: til [+\d ]+)?(?: ble| er| kan| kunne)? ikke "
    r"(?:bli )?lever(?:t|es)\W*+$|"
    r"(?:auto(?:matic)?[ -]?(?:reply|response)|automatisk svar|autosvar|fraværsmelding) *+"
    r"(?::|\W*+$)|"
    rf"(?:i['’]?m |i am )?(?:currently )?out of (?:the )?office *+(?:until {_DAY}|:|\W*+$)|"
    r"(?:i['’]?m|i am) driving(?: right now)?(?:\W*+$| with .{1,30} turned on\b)|"
    r"jeg kjører(?: nå)?(?:\W++svarer senere\W*+$|\W*+$| med ikke forstyrr\b)|"
    r"can['’]?t talk right now\W++what['’]?s up\W*+$)",
    re.IGNORECASE | re.DOTALL,
)
# Characters of one of our lines from which a match is a quote and not chance:
_MIN_PREFIX_LENGTH = 12  # the beginning of a line
_MIN_LINE_LENGTH = 20  # a whole line among other words: a person may write one of ours
_MIN_LONE_TAIL_LENGTH = 40  # the beginning of a line, at the end of a text without a whole line
_MIN_REST_LENGTH = 5  # a further line beside a whole one


def is_auto_reply(text: str, own_lines: Sequence[str]) -> bool:
    """Return whether a text is a reaction, an automatic reply or a delivery report.

    `own_lines` are the lines of our own texts, normalised and sorted.
    """
    if _REACTION.fullmatch(text) or _EMOJI_TO.fullmatch(text) or _AUTOMATIC.search(text):
        return True
    quoted = _QUOTED.fullmatch(text)
    line = normalise(quoted[1].split("\n")[0]) if quoted else ""
    return len(line) >= _MIN_PREFIX_LENGTH and _begins_own_line(line, own_lines)


def strip_own_lines(words: str, own_lines: Sequence[str]) -> str | None:
    """Remove our own lines, even if cut off at the end, from a normalised text.

    Return None if the text does not quote them.
    """
    found = [line for line in _own_lines_with_first_word(words, own_lines) if line in words]
    has_quote = any(len(line) >= _MIN_LINE_LENGTH for line in found)
    min_length = _MIN_PREFIX_LENGTH if has_quote else _MIN_LONE_TAIL_LENGTH
    rest = _without_cut_own_line(words, min_length, own_lines)
    if not has_quote:
        return rest if rest != words else None
    for line in sorted(found, key=len, reverse=True):
        rest = rest.replace(line, " ")
    return " ".join(rest.split())


def _without_cut_own_line(words: str, min_length: int, own_lines: Sequence[str]) -> str:
    """Return a text without the beginning of one of our lines at its end."""
    starts = [0, *(space.end() for space in re.finditer(" ", words))]
    for start in starts:
        tail = words[start:]
        if len(tail) >= min_length and _begins_own_line(tail, own_lines):
            return words[:start]
    return words


def _own_lines_with_first_word(words: str, own_lines: Sequence[str]) -> Iterator[str]:
    """Yield our own lines that begin with a word of a text, except very short ones.

    Comparing a text with all of our lines would take 5 to 15 ms.
    """
    for word in set(words.split()):
        first, last = (bisect_left(own_lines, word + end) for end in ("", " \U0010ffff"))
        for line in own_lines[first:last]:
            if len(line) >= _MIN_REST_LENGTH:
                yield line


def is_own_line(line: str, own_lines: Sequence[str]) -> bool:
    index = bisect_left(own_lines, line)
    return line != "" and index < len(own_lines) and own_lines[index] == line


def _begins_own_line(text: str, own_lines: Sequence[str]) -> bool:
    index = bisect_left(own_lines, text)
    return index < len(own_lines) and own_lines[index].startswith(text)
