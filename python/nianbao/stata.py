"""Parquet files of a conversion → Stata files (version 118, Stata 14 and later). Needs pandas and pyarrow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable

from .grammars import PathLike

STATUS = {1: "read", 2: "solved", 3: "blank", 4: "ambiguous", 5: "missing"}
_SHORT = {"applications": "app", "review_litigation": "rev", "proactive": "pro"}


def to_stata(out: PathLike, *, tables: Iterable[str] = ("reports", "cells")) -> list[Path]:
    """Writes `<table>.dta` beside the Parquet files in the folder `out`, and `variables.csv`, which says what each
    variable is.

    Names are ASCII of at most 32 characters (`app_received_total`), labels Chinese, statuses numbers with labels. A
    number that a double does not hold to the digit (more than fifteen digits) is missing here; it is in the Parquet file.

    >>> sorted(short_names(["applications__refused.state_secret__natural_person", "year"]).values())
    ['app_refu_state_secre_natur_perso', 'year']
    """
    import pandas
    import pyarrow.parquet as parquet

    out, made, lines = Path(out), [], ["file,variable,column,label"]
    for table in tables:
        read = parquet.read_table(out / f"{table}.parquet")
        names = short_names(read.column_names)
        columns, labels, values = {}, {}, {}
        for field, column in zip(read.schema, read.columns):
            about = (field.metadata or {}).get(b"description_zh", b"").decode()
            name = names[field.name]
            labels[name] = about[:80]
            lines.append(f'{table}.dta,{name},{field.name},"{about}"')
            if field.name == "status":
                codes = {text: number for number, text in STATUS.items()}
                columns[name] = pandas.Series([codes[text] for text in column.to_pylist()], dtype="int8")
                values[name] = STATUS
            elif str(field.type).startswith("decimal"):
                columns[name] = pandas.Series([_double(value) for value in column.to_pylist()], dtype="float64")
            elif str(field.type) == "int32":
                columns[name] = pandas.Series(column.to_pylist(), dtype="float64")
            else:
                columns[name] = pandas.Series([text or "" for text in column.to_pylist()], dtype=object)
        frame = pandas.DataFrame(columns)
        long = [name for name in frame if frame[name].dtype == object and frame[name].map(_bytes).max() > 2045]
        path = out / f"{table}.dta"
        frame.to_stata(
            path, write_index=False, version=118, variable_labels=labels, value_labels=values, convert_strl=long
        )
        made.append(path)
    (out / "variables.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return made


def _bytes(text: str) -> int:
    return len(text.encode())


def _double(value: object) -> float | None:
    if value is None:
        return None
    double = float(value)  # type: ignore[arg-type]
    return double if type(value)(repr(double)) == value else None  # type: ignore[call-arg]


def short_names(columns: Iterable[str]) -> dict[str, str]:
    """A name that Stata takes for each column, the same in every run."""
    names: dict[str, str] = {}
    for column in columns:
        table, *rest = column.split("__")
        parts = [_SHORT.get(table, table), *rest]
        name = re.sub("[^0-9A-Za-z_]", "_", "_".join(parts))
        while len(name) > 32 and (longest := max(re.split("_", name), key=len)) and len(longest) > 2:
            # cut the longest word, one letter at a time
            name = name.replace(longest, longest[:-1], 1)
        name, number = name[:32], 2
        while name in names.values():
            name = f"{name[:30]}{number:02}"
            number += 1
        names[column] = name
    return names
