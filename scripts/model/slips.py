"""Write a text as it is typed in a hurry: letters slip, marks and capitals are left out.

The network knows by heart what it has learnt; with other slips each time, a message stays new.
"""

import random
import re

from rights_line.core.understanding.words.scripts import UNSPACED

_MARKS = re.compile(r"[^\w\s]+")
_SHARE_WITHOUT_MARKS = 0.4
_SHARE_IN_SMALL_LETTERS = 0.3
_MOST_SLIPS = 0.18  # of the words
_SHARE_JOINED = 0.1  # of the texts, with two words joined
_SHORTEST = 4  # letters of a word that slips


def typed(text: str, dice: random.Random) -> str:
    """Return a text as somebody in a hurry might type it."""
    if dice.random() < _SHARE_WITHOUT_MARKS:
        text = " ".join(_MARKS.sub(" ", text).split()) or text
    if dice.random() < _SHARE_IN_SMALL_LETTERS:
        text = text.lower()
    if UNSPACED.search(text):
        return text
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= _SHORTEST and word.isalpha()]
    slips = min(len(long), max(1, round(len(words) * dice.uniform(0, _MOST_SLIPS))))
    for place in dice.sample(long, slips):
        words[place] = _slip(words[place], dice)
    if len(words) > 1 and dice.random() < _SHARE_JOINED:
        place = dice.randrange(len(words) - 1)
        words[place : place + 2] = [words[place] + words[place + 1]]
    return " ".join(words)


def _slip(word: str, dice: random.Random) -> str:
    """Leave out, double, swap or mistake a letter within a word."""
    place = dice.randrange(1, len(word) - 1)
    letter, rest = word[place], word[place + 1 :]
    return word[:place] + dice.choice(
        [rest, 2 * letter + rest, rest[0] + letter + rest[1:], dice.choice(word) + rest]
    )
