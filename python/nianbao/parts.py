"""More archives than one machine should read: each becomes one part, exactly once, whatever engine runs the work."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, Sequence
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ._nianbao import __version__
from .convert import _paths, convert
from .grammars import PathLike

if TYPE_CHECKING:
    import distributed


TABLES = ("cells", "reports", "checks", "diagnostics", "sections", "statements")


@dataclass(frozen=True)
class Part:
    """What became of one archive: `files` holds a Parquet file for each table."""

    uri: str
    files: dict[str, str]
    documents: int
    reports: int
    skipped: bool


def convert_one(
    uri: str,
    out: PathLike,
    *,
    tables: str | Sequence[str] = ("reports",),
    threads: int = 1,
    max_seconds: float | None = None,
    grammar: PathLike | Sequence[PathLike] | None = None,
) -> Part:
    """Converts one archive (or folder, or file) into one Parquet part, `out/<table>/<hash of the URI>.parquet`.

    The part is there when it is complete, and never twice: it is written under another name, synced and renamed. Where a
    part of the same version, options and source (size and time, or etag) is there already, nothing is done. Paths and
    `file://` are read as they are, other schemes through fsspec where that is installed.

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    >>> [convert_one(str(folder / "a.txt"), folder / "out").skipped for _ in range(2)]
    [False, True]
    """
    tables = [tables] if isinstance(tables, str) else list(tables)
    if unknown := set(tables) - set(TABLES):
        raise ValueError(f"no table {min(unknown)!r}; there are {', '.join(TABLES)}")
    key, out = hashlib.sha256(uri.encode("utf-8", "surrogateescape")).hexdigest()[:32], Path(out)
    files = {table: str(out / table / f"{key}.parquet") for table in tables}
    grammars = [] if grammar is None else [Path(path).read_text("utf-8") for path in _paths(grammar)]
    wanted = {"uri": uri, "version": __version__, "tables": tables, "max_seconds": max_seconds}
    wanted.update(grammars=grammars, source=_state(uri))
    manifest = out / "parts" / f"{key}.json"
    known = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    if known.get("wanted") == wanted and all(map(os.path.exists, files.values())):
        return Part(uri, files, known["documents"], known["reports"], True)
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{key}.", dir=out) as scratch:
        with _local(uri, scratch) as path:
            done = convert(path, f"{scratch}/out", threads=threads, max_seconds=max_seconds, grammar=grammar)
        for table, file in files.items():
            os.makedirs(os.path.dirname(file), exist_ok=True)
            _put(Path(scratch, "out", f"{table}.parquet"), Path(file))
        part = Part(uri, files, done.documents, done.reports, False)
        written = Path(scratch, "part.json")
        written.write_text(json.dumps({"wanted": wanted, **asdict(part)}), "utf-8")
        _put(written, manifest)
    return part


def _put(file: Path, to: Path) -> None:
    """Gives a complete file its name; what is on the disk under that name is always whole."""
    with open(file, "rb+") as opened:
        os.fsync(opened.fileno())
    os.replace(file, to)


def _path(uri: str) -> str | None:
    """The path of a local file."""
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return url2pathname(parts.path)
    return None if "://" in uri else uri


def _state(uri: str) -> list[Any]:
    """What changes when the source does."""
    path = _path(uri)
    if path is not None:
        stat = os.stat(path)
        return [stat.st_size, stat.st_mtime_ns]
    about = _filesystem(uri)[0].info(uri)
    return [about.get("size"), str(about.get("ETag") or about.get("etag") or about.get("mtime") or about.get("LastModified"))]


def _filesystem(uri: str) -> tuple[Any, str]:
    import fsspec

    return fsspec.core.url_to_fs(uri)


class _local:
    """The source as a local path; what comes over the network is fetched into the scratch folder, under its name."""

    def __init__(self, uri: str, scratch: str) -> None:
        self.uri, self.scratch = uri, scratch

    def __enter__(self) -> str:
        path = _path(self.uri)
        if path is not None:
            return path
        files, remote = _filesystem(self.uri)
        self.copy = os.path.join(self.scratch, "in", os.path.basename(remote.rstrip("/")))
        os.makedirs(os.path.dirname(self.copy))
        files.get_file(remote, self.copy)
        return self.copy

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(os.path.join(self.scratch, "in"), ignore_errors=True)


def convert_all(
    uris: Iterable[str],
    out: PathLike,
    client: distributed.Client,
    *,
    window: int | None = None,
    **options: Any,
) -> dict[str, str]:
    """Runs `convert_one` over archives on a Dask cluster; returns the archives that failed, and why.

    At most `window` archives are under way (four a thread of the cluster when not said), so that their list may be
    millions long. An archive whose worker dies is tried again on another; one that kills four workers is put aside, and
    the others go on. At the end each of these is tried once more by itself, since it may only have waited behind the one
    that kills. Run again, it does what is left.
    """
    from distributed import KilledWorker, as_completed

    window = window or 4 * max(1, sum(client.nthreads().values()))
    left, running = iter(uris), as_completed([])
    errors: dict[str, BaseException] = {}

    def start(uri: str) -> Any:
        return client.submit(convert_one, uri, os.fspath(out), pure=False, **options)

    def submit(count: int) -> None:
        for _, uri in zip(range(count), left):
            future = start(uri)
            names[future.key] = uri
            running.add(future)

    names: dict[Any, str] = {}
    submit(window)
    for future in running:
        uri = names.pop(future.key)
        if future.status != "finished":
            errors[uri] = future.exception()
        future.release()
        submit(1)
    for uri in [uri for uri, error in errors.items() if isinstance(error, KilledWorker)]:
        error = start(uri).exception()
        if error is None:
            del errors[uri]
        else:
            errors[uri] = error
    return {uri: repr(error) for uri, error in errors.items()}
