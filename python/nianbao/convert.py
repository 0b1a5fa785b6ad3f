"""Files and folders → files for analysis, as the command `nianbao convert` makes them."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import Any, Callable, Sequence

from ._nianbao import __build__, __version__
from .grammars import PathLike, grammars

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Summary:
    """What a conversion did. `raw` is all of it, as it stands in `summary.json`."""

    documents: int
    reports: int
    not_read: int
    raw: dict[str, Any]


def convert(
    inputs: PathLike | Sequence[PathLike],
    out: PathLike,
    *,
    formats: str | Sequence[str] = ("parquet",),
    threads: int = 0,
    resume: bool = False,
    update: bool = False,
    checkpoint: float = 10.0,
    csv_bom: bool = False,
    dedup: bool = False,
    max_seconds: float | None = None,
    include: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    corrections: PathLike | Sequence[PathLike] | None = None,
    grammar: PathLike | Sequence[PathLike] | None = None,
    progress: Progress | bool | None = None,
) -> Summary:
    """Converts files, folders and archives into files in the folder `out`.

    `formats` are those of the command line: jsonl, csv, parquet, arrow, xlsx, sqlite. `progress` is called with the
    numbers of documents and reports so far, from another thread, ten times a second at most; `True` prints them. Ctrl-C
    stops after the documents under way, and `resume=True` goes on. `update=True` takes over what is in `out` of documents that
    have not changed. `include` and `exclude` are patterns of what is read (`*.html`, `2022/*`, `drafts`), also in archives.
    `corrections` are files of what people decided about cells (status `reviewed`). An input that is not there is a `FileNotFoundError`, and
    nothing is done.

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    >>> convert(folder / "a.txt", folder / "out").documents
    1
    >>> (folder / "out" / "cells.parquet").exists()
    True
    """
    paths, formats = _paths(inputs), [formats] if isinstance(formats, str) else list(formats)
    is_printed = progress is True
    if progress is True:
        progress = _print
    files = [] if grammar is None else _paths(grammar)
    forms = [open(path, "rb").read() for path in files]
    corrected = [] if corrections is None else _paths(corrections)
    decided = [open(path, "rb").read() for path in corrected]
    included, excluded = _patterns(include), _patterns(exclude)
    what = (paths, included, excluded, formats, csv_bom, dedup, max_seconds, forms, decided)
    job = repr((__version__, __build__, what))
    raw = json.loads(
        grammars(grammar).convert(
            paths, os.fspath(out), formats, threads, resume, update, checkpoint, csv_bom, dedup, max_seconds, included,
            excluded, corrected,
            hashlib.sha256(job.encode("utf-8", "surrogateescape")).hexdigest(), progress or None,
        )
    )
    if is_printed:
        _print(raw["documents"], raw["reports"])
        print()
    return Summary(raw["documents"], raw["reports"], raw["unread_count"], raw)


def _paths(inputs: PathLike | Sequence[PathLike]) -> list[str]:
    if isinstance(inputs, (str, os.PathLike)):
        return [os.fspath(inputs)]
    return [os.fspath(path) for path in inputs]


def _patterns(patterns: str | Sequence[str]) -> list[str]:
    return [patterns] if isinstance(patterns, str) else list(patterns)


def _print(documents: int, reports: int) -> None:
    print(f"\r{documents} documents, {reports} reports", end="", flush=True)
