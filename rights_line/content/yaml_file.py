"""Read a YAML file so that every fault can name its line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rights_line.errors import Problem

try:
    from yaml import CSafeLoader as SafeLoader  # libyaml: ten times as fast
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


@dataclass(frozen=True)
class Rule:
    """What a key may hold, and what to do where it holds something else."""

    allows: Callable[[Any], bool]
    remedy: str


Rules = dict[str, Rule]


class YamlMapping(dict[str, Any]):
    """A YAML mapping that knows its file, and the line of itself and of each of its keys."""

    def __init__(self, path: Path, line: int = 1) -> None:
        super().__init__()
        self.path = path
        self.line = line
        self.lines: dict[str, int] = {}

    def problem(self, key: str | None, problem: str, remedy: str) -> Problem:
        """Return a fault at the line of a key, or of the mapping where the key is not there."""
        line = self.lines.get(key or "", self.line)
        return Problem(f"{display_path(self.path)}:{line}", problem, remedy)

    def rows(self, faults: list[Problem]) -> Iterator[tuple[str, YamlMapping]]:
        """Yield each key whose value is a mapping; the others are faults."""
        for key, row in self.items():
            if isinstance(row, YamlMapping):
                yield key, row
            else:
                faults.append(
                    self.problem(key, f"{key} is no mapping", "Write keys and values below it")
                )

    def check(self, required: Rules, optional: Rules) -> Iterator[Problem]:
        """Yield a fault for each key that is missing, unknown, or holds what it must not."""
        rules = {**required, **optional}
        for key in required.keys() - self.keys():
            yield self.problem(key, f"{key} is missing", rules[key].remedy)
        for key, value in self.items():
            if key not in rules:
                known = ", ".join(sorted(rules))
                yield self.problem(key, f"{key} is not a known key", f"Use one of: {known}")
            elif not rules[key].allows(value):
                yield self.problem(key, f"{key} is not right: {value!r}", rules[key].remedy)


def matching(pattern: str, remedy: str) -> Rule:
    """Return the rule of a text that matches a pattern as a whole."""
    whole = re.compile(pattern, re.ASCII)
    return Rule(lambda value: isinstance(value, str) and bool(whole.fullmatch(value)), remedy)


def list_of(item: Rule) -> Rule:
    """Return the rule of a list whose every item obeys a rule."""
    return Rule(lambda value: isinstance(value, list) and all(map(item.allows, value)), item.remedy)


def one_of(*values: object) -> Rule:
    """Return the rule of a few values."""
    return Rule(lambda value: value in values, f"Write one of: {', '.join(map(str, values))}")


def mapping(required: Rules, optional: Rules | None = None) -> Rule:
    """Return the rule of a mapping with these keys."""
    return Rule(
        lambda value: (
            isinstance(value, YamlMapping) and not any(value.check(required, optional or {}))
        ),
        f"Write {', '.join(required)}",
    )


# What a decoder writes in place of a character that it cannot read, or an escape for it.
_REPLACEMENT = re.compile(r"\ufffd|\\u[fF]{3}[dD]|\\U0000[fF]{3}[dD]")

DATE = Rule(lambda value: type(value) is dt.date, "Write a date, for example 2026-11-24")
TEXT = matching(r"\S(?:.*\S)?", "Write a text in quotes, on one line, with no space around it")


def display_path(path: Path) -> str:
    """Return a path as faults show it: from content/ or locales/ on."""
    parts = path.parts
    starts = [place for place, part in enumerate(parts) if part in ("content", "locales")]
    return "/".join(parts[starts[-1] :] if starts else parts[-1:])


def replacement_faults(path: Path, text: str) -> Iterator[Problem]:
    """Yield a fault for each line with U+FFFD: a letter was lost when the file was converted."""
    for match in _REPLACEMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        problem = "has U+FFFD, which stands for a lost character"
        yield Problem(
            f"{display_path(path)}:{line}", problem, "Write the character again, as UTF-8"
        )


def load_yaml(path: Path, faults: list[Problem]) -> YamlMapping:
    """Return the mapping a YAML file holds; if it cannot, add a fault and return an empty one."""
    try:
        text = path.read_text(encoding="utf-8")
        faults += replacement_faults(path, text)
        loader = _Loader(text)
        loader.path = path
        document = loader.get_single_data()
    except OSError as error:
        faults.append(Problem(display_path(path), "cannot be read", error.strerror or "Look at it"))
    except UnicodeDecodeError:
        faults.append(Problem(display_path(path), "is not UTF-8", "Save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(
            Problem(f"{display_path(path)}:{line}", str(error.problem), "Mend the YAML here")
        )
    except yaml.YAMLError as error:
        faults.append(Problem(display_path(path), type(error).__name__, "Mend the YAML"))
    else:
        if isinstance(document, YamlMapping):
            return document
        faults.append(Problem(display_path(path), "is not a mapping", "Write key: value lines"))
    return YamlMapping(path)


class _Loader(SafeLoader):
    """A loader that makes a Mapping of every mapping, and rejects a key that is written twice."""

    path: Path


def _construct(loader: _Loader, node: yaml.MappingNode) -> YamlMapping:
    made = YamlMapping(loader.path, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            raise _error("merge keys are not read", key_node)
        key = str(key_node.value)  # as it is written: `no` and `on` are no truth values here
        if key in made:
            raise _error(f"{key} is written twice", key_node)
        made.lines[key] = key_node.start_mark.line + 1
        try:
            made[key] = loader.construct_object(value_node, deep=True)
        except ValueError as error:  # such as 2026-13-01, which is read as a date
            raise _error(str(error), value_node) from error
    return made


def _error(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct)
