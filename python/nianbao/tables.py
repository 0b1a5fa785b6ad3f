"""Documents → Arrow tables in memory, and from there to pandas and polars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from .convert import Progress, _paths, _patterns
from .extras import need
from .grammars import PathLike, grammars

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


def read(
    inputs: PathLike | Sequence[PathLike],
    *,
    table: str = "reports",
    threads: int = 0,
    include: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    corrections: PathLike | Sequence[PathLike] | None = None,
    grammar: PathLike | Sequence[PathLike] | None = None,
    progress: Progress | None = None,
) -> pyarrow.Table:
    """Reads files, folders and archives into one table: reports, cells, checks, diagnostics, sections or statements.

    Columns, their meaning and the order of rows are those of the files that `convert` writes; texts that many rows share
    are dictionaries. `include` and `exclude` are patterns of what is read, as for `convert`. `corrections` are files of what people decided about cells (status `reviewed`). Duplicates are only looked for by `convert`.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> _ = path.write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    >>> read(path).column("year").to_pylist()
    [2022]
    """
    pyarrow = need("pyarrow", "arrow", "nianbao.read")
    corrected = [] if corrections is None else _paths(corrections)
    batches = grammars(grammar).read(
        _paths(inputs), table, threads, _patterns(include), _patterns(exclude), corrected, progress
    )
    return pyarrow.table(batches)


def parse_batch(
    batch: Any,
    *,
    table: str = "reports",
    grammar: PathLike | Sequence[PathLike] | None = None,
) -> pyarrow.RecordBatch:
    """Documents of an Arrow batch with the columns `name` and `bytes` → the rows of one table.

    Takes any object that has `__arrow_c_array__`; names may be utf8, large_utf8 or string views, bytes binary,
    large_binary or binary views. Nothing is copied on the way in or out. With the table `reports` each document has one
    row, in their order, so this is the function for `mapInArrow`, Daft, polars and DuckDB.

    >>> import pyarrow
    >>> documents = pyarrow.RecordBatch.from_pydict({"name": ["a.txt"], "bytes": [b"nothing"]})
    >>> parse_batch(documents).column("source").to_pylist()
    ['a.txt']
    """
    pyarrow = need("pyarrow", "arrow", "nianbao.parse_batch")
    batches = pyarrow.table(grammars(grammar).parse_batch(batch, table))
    return batches.combine_chunks().to_batches()[0] if len(batches) else pyarrow.RecordBatch.from_pylist([], batches.schema)


def to_pandas(table: pyarrow.Table) -> pandas.DataFrame:
    """A table of `read` for pandas: names as categories, numbers as `Int64` and `Float64`, which know nothing as well as
    numbers. A float has fifteen digits as they are printed; `value_exact` of the cells has all of them.

    >>> import pyarrow
    >>> table = pyarrow.table({"a": [61829.6555, None], "b": [3, None]})
    >>> to_pandas(table).dtypes.astype(str).to_list()
    ['Float64', 'Int64']
    """
    pandas = need("pandas", "pandas", "nianbao.to_pandas")
    pyarrow = need("pyarrow", "pandas", "nianbao.to_pandas")
    types = {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.float64(): pandas.Float64Dtype()}
    columns = {}
    for field, column in zip(table.schema, table.columns):
        columns[field.name] = column.to_pandas(types_mapper=types.get) if field.type in types else column.to_pandas()
    return pandas.DataFrame(columns)


def to_polars(table: pyarrow.Table) -> polars.DataFrame:
    """A table of `read` for polars; names become categories."""
    polars = need("polars", "polars", "nianbao.to_polars")
    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return frame
