"""Read and write the weights of the classifier: content/classifier.txt.gz."""

import gzip
import json
import zlib
from pathlib import Path

from rights_line.content.yaml_file import display_path
from rights_line.core.classifier import Classifier, Topic
from rights_line.errors import Problem

NAME = "classifier.txt.gz"


def read_classifier(path: Path, problems: list[Problem]) -> Classifier:
    """Return the classifier of a file; one that guesses nothing if there is no file."""
    if not path.exists():
        return Classifier()
    try:
        header, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        topics = [Topic(*row) for row in json.loads(header)]
        return Classifier(topics, dict(line.split("\t") for line in lines))
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        fix = "Restore it from the repository, or run make classifier"
        problems.append(Problem(display_path(path), f"is damaged: {error}", fix))
        return Classifier()


def classifier_bytes(classifier: Classifier) -> bytes:
    """Return the content of the file; the same classifier always gives the same bytes."""
    header = json.dumps([list(topic) for topic in classifier.topics])
    lines = [f"{gram}\t{weights}" for gram, weights in sorted(classifier.weights.items())]
    return gzip.compress("\n".join([header, *lines]).encode(), mtime=0)
