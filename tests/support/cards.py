"""The line whose keyword cards are printed, and the text expected on each face."""

from rights_line.cards import Card
from tests.support.worlds import WITH_TEXTS

NUMBER, SHOWN, USSD = "+4759440000", "+47 59 44 00 00", "*384*7#"
URL = "https://line.example.org"
ENVIRON = {
    "RIGHTS_LINE_NUMBER": NUMBER,
    "RIGHTS_LINE_USSD": USSD,
    "RIGHTS_LINE_PUBLIC_URL": URL,
    "RIGHTS_LINE_SERVE": "drafts",
}
SPOKEN = WITH_TEXTS


def expected_faces(card: Card) -> dict[str, list[str]]:
    """Return the lines that each face of a card must contain, in order."""
    lines = ["".join(span.text for span in line.spans) for line in card.helplines]
    address = f"line.example.org/{card.language.tag}/"
    said = {name: phrase.text for name, phrase in card.phrases.items()}
    word, write = card.language.word, f"{said['by_sms']}:"
    interpreter = card.language.norwegian.join(card.interpreter)
    routes = ["SMS", "www", write, word, SHOWN, "USSD", USSD]
    topics = [f"{word} {code} {label}" for code, label in card.topics]
    rest = [said[name] for name in ("cost", "delete", "draft")]
    return {
        "first": [card.language.own_name, said["about"], *lines, interpreter, *routes, address],
        "second": [*topics, *rest],
        "cover": ["Norge info", card.language.own_name],
        "back": [],
    }
