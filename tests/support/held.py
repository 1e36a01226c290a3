"""Strings that an object holds, in any attribute or container."""

import gc
from types import CodeType, FunctionType, ModuleType

_SKIPPED = (ModuleType, FunctionType, CodeType, type)


def strings_held(root: object) -> set[str]:
    """Return all strings that an object refers to; code and modules are skipped."""
    seen: set[int] = set()
    found: set[str] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _SKIPPED):
            continue
        seen.add(id(one))
        if isinstance(one, str):
            found.add(one)
        if isinstance(one, dict):
            waiting += one  # gc.get_referents() omits keys that are strings
        waiting += gc.get_referents(one)
    return found
