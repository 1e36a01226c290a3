"""What crosses the border between a gateway and the conversation."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Inbound:
    """One message that came in. Neither sender nor text is ever shown by repr, logged or stored."""

    sender: str = field(repr=False)  # what the gateway calls the person; only the pseudonym uses it
    text: str = field(repr=False)
    opted_out: bool = False  # the gateway says that she asked it to stop
    answerable: bool = True  # False: a short code or a name, that is a machine: no answer, no loop


@dataclass(frozen=True)
class Reply:
    """What goes back. An empty text is no message at all."""

    text: str
