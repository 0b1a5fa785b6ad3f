"""The output of a conversion as a panel: one row for each body and year, and what does not fit between them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Sequence

from .convert import _paths
from .extras import need
from .grammars import PathLike, grammars

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Panel:
    """The tables of a panel, as they stand in `folder`, and its summary for people."""

    folder: Path
    summary: str

    @property
    def rows(self) -> pandas.DataFrame:
        """One row for each body and year: `panel.csv`."""
        return self._read("panel")

    @property
    def coverage(self) -> pandas.DataFrame:
        """One row a body, one column a year: `coverage.csv`."""
        return self._read("coverage")

    @property
    def shares(self) -> pandas.DataFrame:
        """How many of the governments that there are have a report, by province, level and year: `coverage_shares.csv`."""
        return self._read("coverage_shares")

    @property
    def findings(self) -> pandas.DataFrame:
        """What does not fit: `panel_findings.csv`."""
        return self._read("panel_findings")

    def _read(self, table: str) -> pandas.DataFrame:
        pandas = need("pandas", "pandas", "nianbao.Panel")
        codes = {name: "string" for name in ["code", "code_now", "body_code_now", "province_code"]}
        return pandas.read_csv(self.folder / f"{table}.csv", dtype=codes)


def panel(
    folder: PathLike | Sequence[PathLike],
    *,
    out: PathLike | None = None,
    formats: str | Sequence[str] = (),
    corrections: PathLike | Sequence[PathLike] | None = None,
    grammar: PathLike | Sequence[PathLike] | None = None,
) -> Panel:
    """Makes the panel of what `convert` wrote into `folder` (with `csv` or `jsonl` among its formats) and writes its tables
    into `out`, or beside it; several folders are one panel and need `out`. `formats` are what to write beside CSV: parquet,
    xlsx, stata. `corrections` are files of what people decided, of documents that are still there.

    >>> import pathlib, tempfile
    >>> from nianbao import convert
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("鲁山县2022年政府信息公开工作年度报告", encoding="utf-8")
    >>> _ = convert(folder / "a.txt", folder / "out", formats="csv")
    >>> panel(folder / "out").rows[["issuer", "year", "state"]].values.tolist()
    [['鲁山县', 2022, 'no_tables']]
    """
    folders = _paths(folder)
    if out is None and len(folders) != 1:
        raise ValueError("a panel of several folders needs out=")
    where = folders[0] if out is None else os.fspath(out)
    wanted = [formats] if isinstance(formats, str) else list(formats)
    summary = grammars(grammar).panel(folders, where, wanted, [] if corrections is None else _paths(corrections))
    return Panel(Path(where), summary)
