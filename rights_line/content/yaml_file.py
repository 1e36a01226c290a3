"""Read YAML files, with the line of each key, and check their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

import yaml

from rights_line.errors import Problem

try:
    from yaml import CSafeLoader as SafeLoader  # libyaml, about ten times faster
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

_MAX_QUOTED = 80  # characters of a wrong value that a message shows

T = TypeVar("T")

# U+FFFD, which decoders write in place of an unreadable character, or an escape for it.
_REPLACEMENT = re.compile(r"\ufffd|\\(?:u|U0000)[fF]{3}[dD]")


@dataclass(frozen=True)
class Rule:
    """A condition for a value, with the words that explain it to an editor.

    Attributes:
        allows: whether a value fulfils the condition.
        expected: what the value must be, as in "expected digits in quotes".
        example: a valid value as it is written in YAML.
        rows: of a list of mappings, the rules of their required and of their optional keys.
    """

    allows: Callable[[Any], bool]
    expected: str
    example: str
    rows: tuple[Rules, Rules] = ({}, {})


Rules = dict[str, Rule]


class YamlMapping(dict[str, Any]):
    """A YAML mapping that knows its file, its line and the line of each key."""

    def __init__(self, path: Path, line: int = 1) -> None:
        super().__init__()
        self.path = path
        self.line = line
        self.lines: dict[str, int] = {}

    def problem_at_key(self, key: str | None, summary: str, fix: str) -> Problem:
        """Return a problem at the line of a key, or of the mapping if the key is missing."""
        line = self.lines.get(key or "", self.line)
        return Problem(f"{display_path(self.path)}:{line}", summary, fix)

    def rows(self, problems: list[Problem]) -> Iterator[tuple[str, YamlMapping]]:
        """Yield each key whose value is a mapping; add a problem for every other key."""
        for key, row in self.items():
            if isinstance(row, YamlMapping):
                yield key, row
            else:
                summary = f"{key}: expected a mapping, got {shortened_value(row)}"
                problems.append(self.problem_at_key(key, summary, "Write keys and values below it"))

    def follows(self, required: Rules, optional: Rules, problems: list[Problem]) -> bool:
        """Return whether every key follows its rule; add a problem for each that does not."""
        found = list(self.problems(required, optional))
        problems += found
        return not found

    def problems(self, required: Rules, optional: Rules) -> Iterator[Problem]:
        """Yield a problem for each key that is missing, unknown or has a wrong value."""
        rules = {**required, **optional}
        for key in required.keys() - self.keys():
            yield self.problem_at_key(key, f"{key} is missing", f"Add {key}: {rules[key].example}")
        for key, value in self.items():
            if key not in rules:
                known = ", ".join(sorted(rules))
                yield self.problem_at_key(key, f"{key} is not a known key", f"Use one of: {known}")
            elif not rules[key].allows(value):
                summary = f"{key}: expected {rules[key].expected}, got {shortened_value(value)}"
                yield self.problem_at_key(key, summary, f"Example: {key}: {rules[key].example}")
            elif any(rules[key].rows):
                for row in value:
                    yield from row.problems(*rules[key].rows)


def display_path(path: Path) -> str:
    """Return a path as messages show it, starting at content/ or locales/."""
    parts = path.parts
    starts = [place for place, part in enumerate(parts) if part in ("content", "locales")]
    return "/".join(parts[starts[-1] :] if starts else parts[-1:])


def shortened_value(value: object) -> str:
    """Return a wrong value for a message, with its type unless it is text."""
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    text = text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}..."
    if isinstance(value, str):
        return text
    return f"{text} ({'mapping' if isinstance(value, YamlMapping) else type(value).__name__})"


def replacement_problems(path: Path, text: str) -> Iterator[Problem]:
    """Yield a problem for each U+FFFD: a character was lost when the file was converted."""
    for match in _REPLACEMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Problem(
            f"{display_path(path)}:{line}",
            "contains U+FFFD, so a character was lost in a conversion",
            "Write the character again, and save the file as UTF-8",
        )


def load(path: Path, problems: list[Problem]) -> YamlMapping:
    """Return the mapping in a YAML file, or add a problem and return an empty mapping."""
    name = display_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        problems += replacement_problems(path, text)
        document = parse(path, text)
    except OSError as error:
        problems.append(unreadable(path, error))
    except UnicodeDecodeError as error:
        summary = f"must be UTF-8, got the byte 0x{error.object[error.start]:02x}"
        problems.append(Problem(name, summary, "Save the file as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fix = "Correct the YAML on this line"
        problems.append(Problem(f"{name}:{line}", str(error.problem), fix))
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a document that is only 2026-13-01
        problems.append(Problem(name, f"is not valid YAML: {type(error).__name__}", "Correct it"))
    else:
        if isinstance(document, YamlMapping):
            return document
        summary = f"must be a mapping, got {shortened_value(document)}"
        problems.append(Problem(name, summary, 'Write lines of the form "key: value"'))
    return YamlMapping(path)


def load_optional(path: Path, problems: list[Problem]) -> YamlMapping:
    """Return the mapping in a YAML file; an empty one without the file."""
    return load(path, problems) if path.exists() else YamlMapping(path)


def record(kind: Callable[..., T], row: Mapping[str, Any], /, **others: object) -> T:
    """Return a row that follows its rules as a class with fields of the same names.

    `others` are values that the row lacks, or has in another form. Keys without a field are left
    out, and lists become tuples.
    """
    names = signature(kind).parameters.keys()
    values = {key: row[key] for key in row.keys() & names} | others
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return kind(**values | lists)


def parse(path: Path, text: str) -> object:
    """Return the document of a text that stands, or will stand, in a file.

    Raises:
        yaml.YAMLError: it is not YAML.
        ValueError: it is a date that does not exist.
    """
    loader = _Loader(text)
    loader.path = path
    return loader.get_single_data()


def unreadable(path: Path, error: OSError) -> Problem:
    """Return the problem of a file that cannot be opened or read."""
    reason = error.strerror or type(error).__name__
    fix = "Restore the file, or make it readable"
    return Problem(display_path(path), f"cannot be read: {reason}", fix)


class _Loader(SafeLoader):
    """A loader that returns every mapping as a YamlMapping and rejects duplicate keys."""

    path: Path


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> YamlMapping:
    result = YamlMapping(loader.path, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            raise _error("merge keys (<<) are not supported", key_node)
        key = str(key_node.value)  # the text itself: YAML would turn `no` and `on` into booleans
        if key in result:
            raise _error(f"{key} is defined twice", key_node)
        result.lines[key] = key_node.start_mark.line + 1
        try:
            result[key] = loader.construct_object(value_node, deep=True)
        except ValueError as error:  # such as 2026-13-01, which YAML parses as a date
            raise _error(str(error), value_node) from error
    return result


def _error(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)
