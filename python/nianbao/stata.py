"""Parquet files of a conversion → Stata files (version 118, Stata 14 and later). Needs pandas and pyarrow."""

from __future__ import annotations

import csv
import re
from importlib import import_module
from pathlib import Path
from typing import Iterable

from .extras import need
from .grammars import PathLike

STATUS = {
    1: "read", 2: "solved", 3: "blank", 4: "ambiguous", 5: "unreadable", 6: "missing", 7: "recognised", 8: "reviewed",
}
_SHORT = {"applications": "app", "review_litigation": "rev", "proactive": "pro"}


def to_stata(out: PathLike, *, tables: Iterable[str] = ("reports", "cells")) -> list[Path]:
    """Writes `<table>.dta` beside the Parquet files in the folder `out`, and `variables.csv`, which says what each
    variable is.

    Names are ASCII of at most 32 characters (`app_received_total`), labels Chinese, statuses numbers with labels. Numbers
    are doubles, which hold fifteen digits; `value_exact` has all of them.

    >>> sorted(short_names(["applications__refused__state_secret__natural_person", "year"]).values())
    ['app_refu_state_secre_natur_perso', 'year']
    """
    pandas = need("pandas", "pandas", "nianbao.stata.to_stata")
    pyarrow = need("pyarrow", "pandas", "nianbao.stata.to_stata")
    compute, parquet = import_module("pyarrow.compute"), import_module("pyarrow.parquet")

    out, made = Path(out), []
    codes = pyarrow.array(list(STATUS.values()))
    with open(out / "variables.csv", "w", encoding="utf-8", newline="") as file:
        variables = csv.writer(file, lineterminator="\n")
        variables.writerow(["file", "variable", "column", "label"])
        for table in tables:
            read = parquet.read_table(out / f"{table}.parquet")
            names = short_names(read.column_names)
            path = out / f"{table}.dta"
            columns, labels, values, long = {}, {}, {}, []
            for field, column in zip(read.schema, read.columns):
                about = (field.metadata or {}).get(b"description_zh", b"").decode()
                name = names[field.name]
                labels[name] = about[:80]
                variables.writerow([path.name, name, field.name, about])
                if field.name == "status":
                    columns[name] = compute.add(compute.index_in(column, codes), 1).cast("int8").to_pandas()
                    values[name] = STATUS
                elif pyarrow.types.is_floating(field.type):
                    columns[name] = column.to_pandas()
                elif pyarrow.types.is_integer(field.type):
                    columns[name] = column.cast("float64", safe=False).to_pandas()
                else:
                    column = compute.fill_null(column, "")
                    columns[name] = column.to_pandas().astype(object)
                    if (compute.max(compute.binary_length(column)).as_py() or 0) > 2045:
                        long.append(name)
            pandas.DataFrame(columns).to_stata(
                path, write_index=False, version=118, variable_labels=labels, value_labels=values, convert_strl=long
            )
            made.append(path)
    return made


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
