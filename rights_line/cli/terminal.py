"""Progress bars, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat

import click


@contextmanager
def progress(
    label: str, length: int | None = None, is_hidden: bool = False
) -> Iterator[Callable[[int], object]]:
    """Show a progress bar on standard error, and yield the function that advances it.

    Args:
        label: the things that are counted.
        length: their number; None if it is unknown.
        is_hidden: show nothing, as without a terminal on standard error.
    """
    with click.progressbar(
        repeat(None),
        length,
        label,
        hidden=is_hidden or not sys.stderr.isatty(),
        show_pos=True,
        file=sys.stderr,
    ) as bar:
        yield bar.update
