"""A plugin of pytest for `make mutants`: the real content is assembled once, not for each change.

None of the code that is changed has a part in that, and it takes longer than most tests.
"""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import conftest

KEPT = "assembled-{}.pickle"  # in the working directory, which is a copy made for this


@pytest.fixture(scope="session", autouse=True)
def _kept() -> None:
    for name in ("Sources", "assemble"):
        setattr(conftest, name, _once(name, getattr(conftest, name)))


def _once(name: str, make: Callable[..., Any]) -> Callable[..., Any]:
    """Return what makes something where nobody has yet, and else reads it."""
    file = Path(KEPT.format(name)).resolve()

    def made(*arguments: Any) -> Any:
        if not file.exists():
            file.write_bytes(pickle.dumps(make(*arguments)))
        return pickle.loads(file.read_bytes())

    return made
