"""Holds what `convert` wrote against its JSON, cell for cell, through readers that know nothing of it.

    python tests/readback/readback.py OUT_DIR [FORMAT...]

OUT_DIR holds reports.jsonl and the other formats of one conversion. The truth of every table is made from the JSON here,
row by row; a reader's rows must be the same, in the same order, numbers as exact decimals.
"""

import csv
import itertools
import json
import re
import sqlite3
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

csv.field_size_limit(1 << 30)
TABLES = ["cells", "reports", "checks", "diagnostics", "sections"]
WHO = ["source", "sha256", "issuer", "code", "province", "prefecture", "county", "level", "year", "form"]
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


def truth(out, table, wide, units):
    """The rows of a table, from the JSON."""
    make = {
        "cells": lambda r: cells(r, units),
        "reports": lambda r: reports(r, wide),
        "checks": checks,
        "diagnostics": diagnostics,
        "sections": sections,
    }[table]
    with open(out / "reports.jsonl", encoding="utf-8") as lines:
        for line in lines:
            yield from make(json.loads(line, parse_int=number, parse_float=Decimal))


def number(digits):
    return int(digits)


def same(want, got):
    if want is None or got is None:
        return want is got
    if isinstance(want, (int, Decimal)) and not isinstance(want, bool):
        return isinstance(got, (int, Decimal)) and Decimal(want) == Decimal(got)
    return want == got


def compare(name, want, got, check=same):
    count = 0
    for count, (left, right) in enumerate(itertools.zip_longest(want, got), 1):
        assert left is not None, f"{name}: row {count} is too much: {right}"
        assert right is not None, f"{name}: row {count} is missing: {left}"
        assert len(left) == len(right), f"{name}: row {count} has {len(right)} columns, not {len(left)}"
        for at, (a, b) in enumerate(zip(left, right)):
            assert check(a, b), f"{name}: row {count}, column {at}: JSON {a!r:.200}, read {b!r:.200}\n{left[:3]!r:.200}"
    print(f"{name}: {count} rows are those of the JSON")
    return count


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


def from_csv(path, kinds):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield [None if text == "" else kind(text) for kind, text in zip(kinds, row)]


def from_sqlite(path, table):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = database.execute(f"select * from {table}")
    kinds = [name for name, *_ in rows.description]
    decimals = {at for at, name in enumerate(kinds) if name in ["value", "left", "right"] or "__" in name}
    for row in rows:
        yield [exact(value) if at in decimals else value for at, value in enumerate(row)]


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
            yield [exact(value) if at in decimals else value for at, value in enumerate(row)]


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


def main(out, formats):
    wide, units = header(out)
    book = None
    if "xlsx" in formats:
        import openpyxl

        book = openpyxl.load_workbook(out / "nianbao.xlsx", read_only=True)
        explained = {row[1] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
        assert {"value", *wide} <= explained, "the first sheet explains every column"
    for table in TABLES:
        want = lambda: truth(out, table, wide, units)
        if "parquet" in formats:
            compare(f"parquet {table} by pyarrow", want(), from_parquet(out / f"{table}.parquet"))
            compare(f"parquet {table} by DuckDB", want(), from_duckdb(out / f"{table}.parquet"))
        if "arrow" in formats:
            compare(f"arrow {table} by pyarrow", want(), from_arrow(out / f"{table}.arrow"))
        if "sqlite" in formats:
            compare(f"sqlite {table}", want(), from_sqlite(out / "nianbao.sqlite", table))
        if book and table != "sections":
            compare(f"xlsx {table} by openpyxl", want(), from_xlsx(book, table), as_excel_has_it)
        if "csv" in formats and table != "sections":
            check_csv(table, out, want)


def check_csv(table, out, want):
    """CSV has no types: a number is its digits, nothing is an empty field."""
    def text(want, got):
        if want is None or want == "":
            return got is None
        if isinstance(want, str):
            return got == want or (got == "'" + want and want.strip()[0] in "=+-@")
        return Decimal(got) == want

    kinds = itertools.repeat(str)
    compare(f"csv {table}", want(), (list(row) for row in from_csv(out / f"{table}.csv", kinds)), text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["parquet", "arrow", "csv", "sqlite", "xlsx"])
