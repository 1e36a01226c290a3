"""The sentence model runs once for a text, and not at all for a sender over a limit."""

from dataclasses import replace
from unittest.mock import Mock

from rights_line.channels.elks_sms import Channel
from rights_line.core.library import Library
from rights_line.core.limits import SENDER_LIMIT
from rights_line.core.understanding.choice import Costs, Unsure
from rights_line.core.understanding.decision import SentenceReader
from rights_line.core.understanding.evidence import Weights
from rights_line.core.understanding.words.vocabulary import Concept, Kind
from tests.support.phones.elks_sms import ENVIRON, PATH, fields
from tests.support.sms_line import line_of

SENTENCE = "the boss has not given me any money"
EMERGENCY = "please come now because he hits me"


def test_model_runs_once_for_a_text_and_never_over_the_limit(small_library: Library) -> None:
    model = Mock(labels=("work",))  # takes everything for work
    model.probabilities.return_value = [1.0]
    work = Concept("work", Kind.TOPIC, "4", 0)
    weights, costs = Weights(1, 1, 1, 1, 1, 1, 1), Costs(1, 1, 1, 1, 1, 1, 1, 1, 1)
    reader = SentenceReader(model, [work], weights, costs, Unsure(9, 9, 9), {})
    library = replace(small_library, reader=reader)
    phone = line_of(library, Channel.from_environ(ENVIRON))

    def send(text: str, number: int) -> str:
        return phone.post(PATH, data=fields(text, id=f"s{number}")).text

    for number in range(SENDER_LIMIT):
        assert send(SENTENCE, number)
    assert model.probabilities.call_count == SENDER_LIMIT
    assert send(SENTENCE, 100) == library.throttled
    assert send(SENTENCE, 101) == ""
    assert library.editions["en"].screens["1"].body in send(EMERGENCY, 102)
    assert model.probabilities.call_count == SENDER_LIMIT
