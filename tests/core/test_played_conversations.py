"""Whether conversations end as they should: what each person needs is shown, and no harm.

tests/conversations/played_*.txt are 34 invented people. What each needs and what must not happen
was written before the first text. No native speaker has read their texts.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import pytest

from rights_line.core import UNCLEAR, UNCLEAR_AGAIN, Inbound, Reply
from rights_line.core.conversation import conversation_reply, resolve
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.core.sms import count_sms, sms_encoding
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.words.normalised_text import normalise_text
from tests.support.clock import TUESDAY
from tests.support.wording import missing_helplines

FOLDER = Path(__file__).parent.parent / "conversations"
LIST = "list"
_CODE_OF_LINE = re.compile(r"^\W*(\d+) ", re.MULTILINE)


class Need(NamedTuple):
    """Codes of screens, separated by spaces."""

    languages: str  # of the replies; the last one is that of the last reply
    shown: tuple[str, ...]  # of each item, at least one is shown
    never: str = ""
    segments: int = 99  # at most, over all replies


class Turn(NamedTuple):
    """A text, the code of the screen that it gets, and the reply."""

    text: str
    code: str
    reply: Reply


NEEDS = {
    # A builder without pay or contract: who takes it up, that it is free, how to report.
    "01_ro": Need("ro", ("41", "thanks"), never="1"),
    # An au pair: the passport, whether she may stay if she leaves, advice for au pairs.
    "02_fil": Need("fil", ("52", "5 54", "44", "thanks"), never="1 91"),
    # A boy of 16 without pay or papers: the helpline for minors, not his fault.
    "03_sq": Need("sq", ("8", "81", "83", "thanks"), never="1 4 41 44"),
    # Made to sell sex, and he reads her phone: safe texting, a bed, selling is not illegal.
    "04_pcm": Need("pcm", ("96 list", "3", "61"), never="1"),
    # A debt, and no papers: it may be illegal, whom to call, no permit needed.
    "05_vi": Need("vi", ("42", "2 4", "2 54"), never="1"),
    # To be married off abroad on Friday: somebody tonight, a safe place, the police can stop it.
    "06_ur": Need("ur", ("13", "2 23", "3 13"), never="91 912"),
    # Begs for a boss: who helps, a bed for a man, not punished.
    "07_bg": Need("bg", ("2 4 43 list", "32", "72")),
    # Held at a fish factory without pay, and threatened with the police.
    "08_lt": Need("lt", ("41", "43", "7 73 54", "thanks"), never="1"),
    # Fled to a church with two children: a bed, her children, an interpreter.
    "09_ti": Need("ti", ("3", "33", "2"), never="1 6 8 81 902 905 941"),
    # Wants to die: 113 at once, somebody to talk to, nothing about work or permits.
    "10_pl": Need("pl", ("12", "2", "23"), never="0 4 6 61 ? ??"),
    # Worried about a friend: whom to call, what not to do, signs.
    "11_nb": Need("nb", ("94", "942", "943 944", "thanks"), never="1"),
    # A neighbour: whom to tell, whether without a name, signs.
    "12_nb": Need("nb", ("94 942", "942 946", "944"), never="1 93 97"),
    # A nurse: the duty to report, whom to ask, what to say to the patient.
    "13_nb": Need("nb", ("90", "903", "901"), never="1 3"),
    # A client: how to report, without a name, whether he gets into trouble.
    "14_en": Need("en", ("94 947", "942 946", "947 71 72"), never="1"),
    # An employer who fears that he did wrong: what counts, where to ask.
    "15_nb": Need("nb", ("947", "41 44"), never="1 90"),
    # 15, blackmailed with pictures: the helpline for minors, the pictures, not her fault.
    "16_uk": Need("uk", ("8", "74", "83 932")),
    # Wants to go home: who pays, the debt, no passport.
    "17_es": Need("es", ("91", "2 42", "52")),
    # Refused asylum: a lawyer, whether he must leave, other permits.
    "18_prs": Need("prs", ("53", "54"), never="1"),
    # Sent away by the police: help that is not the police, a free lawyer, whether he may stay.
    "19_ar": Need("ar", ("2", "71", "5 54 22"), never="1 112 02800"),
    # Asks who reads this, whether the police see it, who runs it.
    "20_ru": Need("ru", ("97", "971"), never="1"),
    # Cannot read much: one number, and what to say there.
    "21_so": Need("so", ("4 41", "cannot_read"), never="1"),
    # Wrong number: few and short replies that do not alarm.
    "22_nb": Need("nb", ("wrong_number",), never="0 1 96 ? ??", segments=4),
    # An abuser asks what his wife wrote: learns nothing, not even how to hide messages.
    "23_en": Need("en", ("97",), never="1 7 96 961"),
    # A journalist: who runs it.
    "24_en": Need("en", ("971",), never="1 4 41"),
    # Held at a massage salon, answers in words: a person to talk to, a bed, pay.
    "25_th": Need("th", ("1 4 43", "2", "3", "4 41")),
    # A kept passport, a voice message and Latin letters.
    "26_hi": Need("ur en hi", ("52", "cannot_read")),
    # One need in five texts, without five long replies.
    "27_en": Need("en", ("52",), never="1", segments=8),
    # From Arabic to English: pay and papers.
    "28_ar": Need("ar en", ("4 41", "5 53 54"), never="1"),
    # Sends only "?": what this is, and the languages.
    "29_mul": Need("en", ("0",), never="?", segments=6),
    # Pays for each SMS: who takes up the pay, in one reply.
    "30_en": Need("en", ("4 41",), segments=3),
    # A housemaid: pay, the word for an interpreter, locked in.
    "31_am": Need("am", ("4 41", "0 2", "1 43")),
    # A kebab shop: the passport, pay.
    "32_tr": Need("tr", ("52", "4 41"), never="6"),
    # "Call me", without credit: nobody calls back, who can, what is free.
    "33_ro": Need("ro", ("23", "24"), never="0 1 4 ? ??"),
    # Comes back later, with a number of an earlier reply: the same language, the number works.
    "34_en": Need("en", ("1", "11", "2 go_on"), never="? ??"),
}
# Segments over all replies of a conversation, at most on average.
TARGETS = {"GSM-7": 9, "UCS-2": 18}


def transcript(name: str) -> str:
    return (FOLDER / f"played_{name}.txt").read_text("utf-8")


def texts_of(name: str) -> list[str]:
    return re.findall("^> (.*)$", transcript(name), re.MULTILINE)


def replies_of(name: str) -> list[str]:
    """Return the replies of a transcript, which test_conversation.py compares with the line's."""
    found = re.findall("(?:^<.*\n)+", transcript(name), re.MULTILINE)
    return [re.sub("^< ?", "", reply, flags=re.MULTILINE).rstrip("\n") for reply in found]


def play(library: Library, texts: list[str]) -> Iterator[Turn]:
    """Yield the turns of a conversation by SMS, the tag carried on."""
    tag: str | None = None
    for text in texts:
        found = interpret(normalise_text(text, library.own_lines), tag, library)
        asked, _ = resolve(found.intent, tag, library)
        reply, tag = conversation_reply(Inbound("sender", text), tag, library, TUESDAY, True)
        code = asked.code if isinstance(asked, ShowScreen) else ""
        yield Turn(text, LIST if reply.screen and reply.screen.code == LIST else code, reply)


@pytest.fixture(scope="module", params=NEEDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def turns(library: Library, name: str) -> list[Turn]:
    return [*play(library, texts_of(name))]


def test_every_transcript_has_its_needs() -> None:
    assert {path.stem for path in FOLDER.glob("played_*")} == {f"played_{name}" for name in NEEDS}


def test_conversation_ends_as_it_should(turns: list[Turn], name: str) -> None:
    need = NEEDS[name]
    codes = [turn.code for turn in turns]
    assert [item for item in need.shown if not {*item.split()} & {*codes}] == []
    assert {*need.never.split()} & {*codes} == set()
    assert codes[-1] not in (UNCLEAR, UNCLEAR_AGAIN)
    assert sum(count_sms(turn.reply.text).segments for turn in turns) <= need.segments


def test_conversation_stays_in_the_languages_of_the_person(turns: list[Turn], name: str) -> None:
    shown = [turn.reply.screen.language for turn in turns if turn.reply.screen]
    languages = NEEDS[name].languages.split()
    assert {*shown} <= {*languages, MULTILINGUAL}
    assert shown[-1] == languages[-1]


def test_first_reply_has_helplines(turns: list[Turn]) -> None:
    assert missing_helplines(turns[0].reply.text) == []


def test_person_sends_only_numbers_that_an_earlier_reply_offers(
    turns: list[Turn],
) -> None:
    """The transcript is as honest as the line: nobody knows a code by heart.

    Who gets a screen at once need not ask for it.
    """
    offered: set[str] = set()
    for text, code, reply in turns:
        assert not text.isdecimal() or text in offered
        offered |= {code, *_CODE_OF_LINE.findall(reply.text)}


@pytest.mark.parametrize("encoding", TARGETS)
def test_conversations_are_short(encoding: str) -> None:
    """By their transcripts; a conversation belongs to UCS-2 if one of its replies does."""
    totals = [
        sum(count_sms(reply).segments for reply in replies)
        for replies in map(replies_of, NEEDS)
        if encoding == max(map(sms_encoding, replies))
    ]
    assert mean(totals) <= TARGETS[encoding]
