"""Which facts of the guide no screen states, and which of them are left out on purpose."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from rights_line.assembly import Sources
from rights_line.documents import named, read
from rights_line.errors import Fault
from rights_line.outline import Outline

GUIDE = Path("shared") / "guide" / "guide_facts.yaml"  # beside the repository, where it is at hand
OURS = frozenset({"adult_victim", "minor", "concerned_person"})


def untold(sources: Sources, root: Path) -> Iterator[Fault]:
    """Yield a fault for each fact for victims, children or worried persons that is not told,
    and for each that is left out without need; nothing where the guide is not at hand."""
    guide = root.parent / GUIDE
    if not guide.exists():
        return
    faults: list[Fault] = []
    left_out = read(root / "content" / "left_out.yaml", faults)
    yield from faults
    facts = yaml.safe_load(guide.read_text(encoding="utf-8"))["facts"]
    wanted = {fact["id"]: fact for fact in facts if fact["audience"] in OURS}
    told = {fact for page in Outline(sources.content).pages for fact in page.said.facts}
    excused = {fact: reason for reason, names in left_out.items() for fact in names}
    for name in sorted(wanted.keys() - told - excused.keys()):
        place = f"{named(guide)} (part {wanted[name]['part']}, line {wanted[name]['line']})"
        yield Fault(place, f"no screen tells {name}", "Tell it, or leave it out with a reason")
    for name in sorted(excused.keys() & (told | (excused.keys() - wanted.keys()))):
        reason = excused[name]
        yield left_out.fault(reason, f"{name} is told, or is not for us", "Take it off the list")
