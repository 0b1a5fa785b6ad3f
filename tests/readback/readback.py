"""Holds what `convert` wrote against its JSON, cell for cell, through readers that know nothing of it.

    python tests/readback/readback.py OUT_DIR [FORMAT...]

OUT_DIR holds reports.jsonl and the other formats of one conversion. The truth of every table is made from the JSON here,
a few hundred reports at a time; the rows of every reader must be the same, in the same order, numbers as exact decimals.
"""

import csv
import itertools
import json
import math
import re
import sqlite3
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

csv.field_size_limit(1 << 30)
BEYOND = 10**18  # from here on a number stands in `raw` only
TABLES = ["cells", "reports", "checks", "diagnostics", "sections"]
WHO = ["source", "sha256", "issuer", "code", "province", "prefecture", "county", "level", "year", "form"]
CHUNK = 500  # reports whose rows are held at once
COUNTS = ["cells", "read", "solved", "blank", "ambiguous", "missing", "unclaimed_lines"]


def who(report):
    issuer = report["issuer"]
    places = [issuer[key] for key in ["name", "code", "province", "prefecture", "county", "level"]]
    return [report["source"]["name"], report["source"]["sha256"], *places, report["year"], report["form"]]


def cells(report, units):
    for table, rows in report["tables"].items():
        for row, columns in rows.items():
            for column, cell in columns.items():
                at = cell["at"] or {}
                yield [
                    *who(report), table, row, column, cell["value"], units[report["form"], table, column], cell["status"],
                    cell["raw"], at.get("line"), at.get("page"),
                ]


def reports(report, wide):
    values = {
        f"{table}__{row}__{column}": cell["value"]
        for table, rows in report["tables"].items()
        for row, columns in rows.items()
        for column, cell in columns.items()
    }
    failed = sum(check["status"] == "fails" for check in report["checks"])
    counts = [report["reading"][key] for key in COUNTS]
    link = [report["duplicate_of"], report["duplicate_by"]]
    body = [report["issuer"].get(key) for key in ["kind", "township", "scope", "code_now"]]
    yield [*who(report), report["title"], *body, *counts, failed, *(values.pop(name, None) for name in wide), *link]
    assert not values, f"no column for {list(values)}"


def checks(report):
    for check in report["checks"]:
        cells = " ".join(check["cells"])
        yield [*who(report), *(check[key] for key in ["id", "rule", "status", "left", "right"]), cells]


def diagnostics(report):
    for found in report["diagnostics"]:
        cells = " ".join(found["cells"])
        at = [found["code"], found["severity"], found["message"], found["line"], found.get("page")]
        yield [*who(report), *at, cells]


def sections(report):
    parts = [{"key": "preamble", "ordinal": None, "title": None, "paragraphs": report["preamble"]}]
    for number, part in enumerate(parts + report["sections"]):
        head = [*who(report), number, part["key"], part["ordinal"], part["title"]]
        if number and not part["paragraphs"]:
            yield [*head, 0, None]
        for at, text in enumerate(part["paragraphs"], 1):
            yield [*head, at, text]


def truth(wide, units):
    """What makes the rows of each table from a report."""
    return {
        "cells": lambda report: cells(report, units),
        "reports": lambda report: reports(report, wide),
        "checks": checks,
        "diagnostics": diagnostics,
        "sections": sections,
    }


def same(want, got):
    if isinstance(want, (int, Decimal)) and abs(want) >= BEYOND:
        return got is None
    if want is None or got is None:
        return want is got
    if isinstance(want, (int, Decimal)):
        return isinstance(got, (int, Decimal)) and want == got
    return want == got


def compare(name, before, want, got, check):
    """Holds the next rows of a reader against the JSON's; `before` rows were held before."""
    for count, (left, right) in enumerate(itertools.zip_longest(want, got), before + 1):
        assert left is not None, f"{name}: row {count} is too much: {right}"
        assert right is not None, f"{name}: row {count} is missing: {left}"
        if left == right:  # what is equal as it is need not be looked at twice: a hundred million values are compared
            continue
        assert len(left) == len(right), f"{name}: row {count} has {len(right)} columns, not {len(left)}"
        for at, (a, b) in enumerate(zip(left, right)):
            assert a == b or check(a, b), f"{name}: row {count}, column {at}: JSON {a!r:.200}, read {b!r:.200}\n{left[:3]!r:.200}"


# ---------------------------------------------------------------------------------------------- readers


def from_parquet(path):
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=4096):
            yield from zip(*(column.to_pylist() for column in batch.columns))


def from_duckdb(path):
    import duckdb

    rows = duckdb.connect().execute("select * from read_parquet(?)", [str(path)])
    while some := rows.fetchmany(4096):
        yield from some


def from_arrow(path):
    import pyarrow as pa

    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
        for at in range(reader.num_record_batches):
            yield from zip(*(column.to_pylist() for column in reader.get_batch(at).columns))


def from_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield tuple(text or None for text in row)


def from_sqlite(path, table):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = database.execute(f"select * from {table}")
    kinds = [name for name, *_ in rows.description]
    decimals = {at for at, name in enumerate(kinds) if name in ["value", "left", "right"] or "__" in name}
    for row in rows:
        yield tuple(exact(value) if at in decimals else value for at, value in enumerate(row))


def exact(value):
    """The decimal that was stored: digits as text where a float has too few of them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, str) else value


def from_xlsx(book, table):
    names = [name for name in book.sheetnames if name == table or name.startswith(table + " ")]
    for name in names:
        rows = book[name].iter_rows(values_only=True)
        head = next(rows)
        decimals = {at for at, name in enumerate(head) if name in ["value", "left", "right"] or "__" in name}
        for row in rows:
            row = [*row, *[None] * (len(head) - len(row))]
            yield tuple(exact(value) if at in decimals else value for at, value in enumerate(row))


def as_excel_has_it(want, got):
    """A workbook has no empty text, at most 32,767 characters a cell, and escapes control characters."""
    if isinstance(want, str):
        if want == "":
            return got is None
        got = re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), str(got))
        want = want.replace("\r\n", "\n")
        got = got.replace("\r\n", "\n")
        if len(want.encode("utf-16-le")) // 2 > 32767:
            return got.endswith("32,767 characters)") and want.startswith(got[:16000])
        return got == want
    return same(want, got)


def from_stata(path):
    import pandas

    # in parts: as objects of Python a file is ten times as large
    with pandas.read_stata(path, chunksize=20_000) as file:
        for part in file:
            yield from zip(*(part[name].tolist() for name in part.columns))


def as_stata_has_it(want, got):
    """Stata has no empty text beside the missing one, and its numbers are doubles."""
    if isinstance(want, str) or want is None and isinstance(got, str):
        return got == (want or "")
    if got is None or math.isnan(got):
        return want is None or abs(want) >= BEYOND or len(Decimal(want).normalize().as_tuple().digits) > 15
    return want is not None and Decimal(repr(float(got))) == want


def as_csv_has_it(want, got):
    """CSV has no types: a number is its digits, nothing is an empty field."""
    if want is None or want == "":
        return got is None
    if isinstance(want, str):
        return got == want or (got == "'" + want and want.strip()[0] in "=+-@")
    return got is not None and Decimal(got) == want


def header(out):
    """The wide columns from the metadata of the Parquet files, and the units from the grammars."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(out / "reports.parquet")
    wide = []
    for field in schema:
        if "__" in field.name:
            about = {key.decode(): value.decode() for key, value in field.metadata.items()}
            assert about["description"] and about["description_zh"], field.name
            wide.append(field.name)
    for table in TABLES:
        for field in pq.read_schema(out / f"{table}.parquet"):
            assert field.metadata.get(b"description") and field.metadata.get(b"description_zh"), field.name
    return wide, units_of_grammars()


def units_of_grammars():
    """(form, table, column) → unit, for forms that come with the program."""
    units = {}
    for path in (Path(__file__).parents[2] / "grammars").glob("*/*.toml"):
        grammar = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in grammar["table"]:
            for column in table["column"]:
                units[grammar["id"], table["key"], column["key"]] = column.get("unit")
    return units


def readers(out, table, formats, book):
    """(name, rows, what equals what) of each reader of a table."""
    if "parquet" in formats:
        yield f"parquet {table} by pyarrow", from_parquet(out / f"{table}.parquet"), same
        yield f"parquet {table} by DuckDB", from_duckdb(out / f"{table}.parquet"), same
    if "arrow" in formats:
        yield f"arrow {table} by pyarrow", from_arrow(out / f"{table}.arrow"), same
    if "sqlite" in formats:
        yield f"sqlite {table}", from_sqlite(out / "nianbao.sqlite", table), same
    if "dta" in formats and table in ["cells", "reports"]:
        yield f"Stata {table} by pandas", from_stata(out / f"{table}.dta"), as_stata_has_it
    if book and table != "sections":
        yield f"xlsx {table} by openpyxl", from_xlsx(book, table), as_excel_has_it
    if "csv" in formats and table != "sections":
        yield f"csv {table}", from_csv(out / f"{table}.csv"), as_csv_has_it


def main(out, formats):
    wide, units = header(out)
    book = None
    if "xlsx" in formats:
        import openpyxl

        book = openpyxl.load_workbook(out / "nianbao.xlsx", read_only=True)
        explained = {row[1] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
        assert {"value", *wide} <= explained, "the first sheet explains every column"
    make = truth(wide, units)
    open_readers = {table: list(readers(out, table, formats, book)) for table in TABLES}
    counts = dict.fromkeys(TABLES, 0)
    with open(out / "reports.jsonl", encoding="utf-8") as lines:
        records = (json.loads(line, parse_float=Decimal) for line in lines)
        while some := list(itertools.islice(records, CHUNK)):
            for table in TABLES:
                want = [tuple(row) for report in some for row in make[table](report)]
                for name, rows, check in open_readers[table]:
                    compare(name, counts[table], want, itertools.islice(rows, len(want)), check)
                counts[table] += len(want)
    for table in TABLES:
        for name, rows, check in open_readers[table]:
            compare(name, counts[table], [], itertools.islice(rows, 1), check)
            print(f"{name}: {counts[table]} rows are those of the JSON", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["parquet", "arrow", "csv", "sqlite", "xlsx"])
