"""Time and memory of the sentence model: `python -m bench.sentence_model [FILE]`.

Messages come from messages/, and only totals are printed. Times are of one thread's processor.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.understanding import messages
from rights_line.core.understanding.sentences.sentence_model import SentenceModel
from rights_line.library.model_file import NAME, hash_beside, read_model_file
from rights_line.library.texts_folder import ROOT

_WORDS = range(18, 23)
_TEXTS = 500
_LONG = 1_600  # characters
_PAGE = 4096 / 2**20  # MiB


def main(path: Path) -> None:
    texts = [row.text for row in messages(ROOT / "messages")]
    usual = [text for text in texts if len(text.split()) in _WORDS][:_TEXTS]
    joined = " ".join(texts)
    long = [joined[start : start + _LONG] for start in range(0, 100 * _LONG, _LONG)]
    memory, begun, used = _memory(), time.perf_counter(), time.process_time()
    model, problem = read_model_file(path, hash_beside(path))
    if model is None:
        raise SystemExit(problem)
    print(
        f"Start: {time.perf_counter() - begun:.2f} s, {time.process_time() - used:.2f} s of"
        f" processor time; memory +{_memory() - memory:.0f} MiB."
    )
    for name, some in (
        (f"{len(usual)} texts of 18 to 22 words", usual),
        ("1,600 characters", long),
    ):
        print(f"{name}: {_times(model, some)}.")
    print(f"Memory after them: +{_memory() - memory:.0f} MiB.")
    print(
        f"Texts that differ with two threads, alone and under load: {_differences(model, usual)}."
    )


def _times(model: SentenceModel, texts: Sequence[str]) -> str:
    model.probabilities(texts[0])
    found = []
    for text in texts:
        begun = time.thread_time()
        model.probabilities(text)
        found.append(1000 * (time.thread_time() - begun))
    found.sort()
    rank = round(0.99 * (len(found) - 1))
    return f"median {found[len(found) // 2]:.1f} ms, 99th percentile {found[rank]:.1f} ms"


def _differences(model: SentenceModel, texts: Sequence[str]) -> tuple[int, int]:
    """Return how many texts have other probabilities in two threads: alone, and under load."""
    alone = [model.probabilities(text) for text in texts]
    counts = []
    for load in (0, 2):
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(load)]
        with ThreadPoolExecutor(2) as threads:
            again = list(threads.map(model.probabilities, texts))
        for process in busy:
            process.kill()
            process.wait()
        counts.append(sum(one != other for one, other in zip(alone, again, strict=True)))
    return counts[0], counts[1]


def _memory() -> float:
    """Return the resident memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "content" / NAME)
