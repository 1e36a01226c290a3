"""Read YAML files, with the line of each key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from rights_line.content.files.yaml_mapping import YamlMapping, display_path, shortened_value
from rights_line.errors import Problem

try:
    from yaml import CSafeLoader as SafeLoader  # libyaml, about ten times faster
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


# U+FFFD, which decoders write in place of an unreadable character, or an escape for it.
_REPLACEMENT = re.compile(r"\ufffd|\\(?:u|U0000)[fF]{3}[dD]")


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
