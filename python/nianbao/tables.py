"""Documents → Arrow tables in memory, and from there to pandas and polars."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Sequence

from .convert import Progress, _paths
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
    grammar: PathLike | Sequence[PathLike] | None = None,
    progress: Progress | None = None,
) -> pyarrow.Table:
    """Reads files, folders and archives into one table: reports, cells, checks, diagnostics or sections.

    Columns, their meaning and the order of rows are those of the files that `convert` writes; texts that many rows share
    are dictionaries. Duplicates are only looked for by `convert`.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> _ = path.write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    >>> read(path).column("year").to_pylist()
    [2022]
    """
    import pyarrow

    return pyarrow.table(grammars(grammar).read(_paths(inputs), table, threads, progress))


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
    import pyarrow

    batches = pyarrow.table(grammars(grammar).parse_batch(batch, table))
    return batches.combine_chunks().to_batches()[0] if len(batches) else pyarrow.RecordBatch.from_pylist([], batches.schema)


def to_pandas(table: pyarrow.Table, *, decimals: bool = False) -> pandas.DataFrame:
    """A table of `read` for pandas: names as categories, values as numbers.

    A column of whole numbers becomes `Int64`, which knows nothing as well as numbers; one with fractions `Float64`,
    where a float has every digit, else it stays decimal. With `decimals` all values stay decimal.

    >>> import pyarrow
    >>> from decimal import Decimal
    >>> table = pyarrow.table({"a": [Decimal("61829.6555"), None], "b": [Decimal("3"), None]})
    >>> to_pandas(table).dtypes.astype(str).to_list()
    ['Float64', 'Int64']
    """
    import pandas
    import pyarrow

    columns = {}
    for field, column in zip(table.schema, table.columns):
        if pyarrow.types.is_decimal(field.type) and not decimals:
            columns[field.name] = _numbers(column)
        elif pyarrow.types.is_integer(field.type):
            columns[field.name] = column.to_pandas(types_mapper={pyarrow.int32(): pandas.Int32Dtype()}.get)
        else:
            columns[field.name] = column.to_pandas()
    return pandas.DataFrame(columns)


def _numbers(column: pyarrow.ChunkedArray) -> pandas.Series:
    import pandas
    import pyarrow

    try:
        return column.cast(pyarrow.int64()).to_pandas(types_mapper={pyarrow.int64(): pandas.Int64Dtype()}.get)
    except pyarrow.ArrowInvalid:
        pass
    floats, exact = doubles(column)
    if exact:
        return floats.to_pandas(types_mapper={pyarrow.float64(): pandas.Float64Dtype()}.get)
    return column.to_pandas()


def doubles(column: pyarrow.ChunkedArray) -> tuple[pyarrow.Array, bool]:
    """Decimals as doubles, null where a double has not every digit; and whether there is no such one.

    Arrow's own cast makes 0.055999999999999994 of 0.056, so each distinct value is converted by Python.

    >>> import pyarrow
    >>> values = pyarrow.array([Decimal("0.056"), None], pyarrow.decimal128(38, 20))
    >>> doubles(pyarrow.chunked_array([values]))[0].to_pylist()
    [0.056, None]
    """
    import pyarrow
    import pyarrow.compute as compute

    distinct = compute.unique(column).drop_null()
    found = [float(value) for value in distinct.to_pylist()]
    whole = [double if Decimal(repr(double)) == value else None for double, value in zip(found, distinct.to_pylist())]
    at = compute.index_in(column.combine_chunks(), distinct)
    return pyarrow.array(whole, pyarrow.float64()).take(at), None not in whole


def to_polars(table: pyarrow.Table) -> polars.DataFrame:
    """A table of `read` for polars; values stay decimal, names become categories."""
    import polars

    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return frame
