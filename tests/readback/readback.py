"""Holds what `convert` wrote against its JSON, cell for cell, through readers that know nothing of it.

    python tests/readback/readback.py OUT_DIR [FORMAT...]

OUT_DIR holds reports.jsonl and the other formats of one conversion. The truth of every table is made from the JSON here,
a few hundred reports at a time; the rows of every reader must be the same, in the same order: whole numbers exactly, others
to the nearest double, and all of them exactly in `value_exact`.
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
TABLES = ["cells", "reports", "checks", "diagnostics", "sections", "statements"]
WHO = ["source", "sha256", "issuer", "code", "province", "prefecture", "county", "level", "year", "form"]
CHUNK = 500  # reports whose rows are held at once
COUNTS = [
    "cells", "read", "solved", "blank", "ambiguous", "unreadable", "missing", "recognised", "reviewed", "unclaimed_lines",
]
LETTERS = {
    "read": "r", "solved": "s", "blank": "b", "ambiguous": "a", "unreadable": "u", "missing": "m", "recognised": "g", "reviewed": "v",
}


class Said(str):
    """A message that the record has in English, and the table in Chinese."""

    def is_said(self, got):
        return isinstance(got, str) and (got == self or any("\u4e00" <= letter <= "\u9fff" for letter in got))


class Exact(str):
    """The digits of a number."""


def who(report):
    issuer = report["issuer"]
    places = [issuer[key] for key in ["name", "code", "province", "prefecture", "county", "level"]]
    return [report["source"]["name"], report["source"]["sha256"], *places, report["year"], report["form"]]


def digits(number):
    return format(Decimal(number), "f")


def blanks(texts):
    return " ".join(texts) or None


def zeros(report, checks):
    """Blank cells that must be zero: all of a sum's blanks are on one side, and what is printed there is the other side already."""
    cells = {f"{t}.{r}.{c}": cell for t, rows in report["tables"].items() for r, row in rows.items() for c, cell in row.items()}
    found, before = set(), None
    while found != before:
        before = set(found)
        for check in checks.values():
            # a form's checks name the cells of all versions of its tables
            terms = [(name, sign, cells[name]) for name, sign in zip(check["cells"], check["signs"]) if name in cells]
            blank = [(name, sign) for name, sign, cell in terms if cell["status"] == "blank" and name not in before]
            known = [sign * cell["value"] for _, sign, cell in terms if cell["value"] is not None]
            told = {sign for _, sign, cell in terms if cell["value"] is not None}
            sides = {sign for _, sign in blank}
            clear = all(cell["value"] is not None or cell["status"] == "blank" for _, _, cell in terms)
            if clear and len(sides) == 1 and told & {-sign for sign in sides} and sum(known) == 0:
                found.update(name for name, _ in blank)
    return found


def cells(report, words, forms):
    zero = zeros(report, forms[report["form"]]["checks"]) if report["form"] else set()
    for table, rows in report["tables"].items():
        for row, columns in rows.items():
            for column, cell in columns.items():
                at, value = cell["at"] or {}, cell["value"]
                candidates = (digits(candidate["value"]) for candidate in cell.get("candidates", []))
                # the row of a named body is its name; one row alone has no label
                known = words.get((report["form"], table, "row", row), {"labels": [row]})
                row_label = known.get("labels", [None])[0]
                about = words[report["form"], table, "column", column]
                unit = known.get("unit", about.get("unit"))
                unit = "万元" if unit == "元" else unit  # money is given in 万元
                yield [
                    *who(report), table, row, column, row_label, about["labels"][0], value,
                    None if value is None else Exact(digits(value)), unit, cell["status"], cell["raw"],
                    blanks(candidates), blanks(cell.get("proof", [])), at.get("line"), at.get("page"),
                    1 if f"{table}.{row}.{column}" in zero else None,
                ]


def reports(report, wide, whole):
    values = {
        "__".join([table, *row.split("."), column]): cell["value"]
        for table, rows in report["tables"].items()
        for row, columns in rows.items()
        if row.isascii()  # rows of named bodies stand among the cells alone
        for column, cell in columns.items()
    }
    failed = sum(check["status"] == "fails" for check in report["checks"])
    counts = [report["reading"][key] for key in COUNTS]
    link = [report["duplicate_of"], report["duplicate_by"]]
    body = [report["issuer"].get(key) for key in ["kind", "township", "scope", "code_now"]]
    values |= {name: stated(report, name.removeprefix("stated__")) for name in wide if name.startswith("stated__")}
    status = {
        "__".join([table, *row.split("."), column]): LETTERS[cell["status"]]
        for table, rows in report["tables"].items()
        for row, columns in rows.items()
        for column, cell in columns.items()
    }
    letters = [status.get(name, "-") for name in wide if not name.startswith("stated__")]
    runs = "".join(f"{len(list(run))}{letter}" for letter, run in itertools.groupby(letters)) if report["form"] else None
    own = [values.pop(name, None) for name in wide]
    # a fraction of a count has no place there; it stands among the cells
    own = [None if name in whole and value is not None and value % 1 else value for name, value in zip(wide, own)]
    yield [*who(report), report["title"], *body, *counts, failed, reason(report), runs, *own, *link]
    assert not values, f"no column for {list(values)}"


def reason(report):
    """Why no form was read, or not all of the document."""
    errors = [found["code"] for found in report["diagnostics"] if found["severity"] == "error"]
    codes = {found["code"] for found in report["diagnostics"]} if not report["form"] else set()
    none = [code for code in ["report_elsewhere", "tables_missing", "no_form"] if code in codes]
    return next(iter(errors + none), None)


def checks(report, forms):
    names = {f"{t}.{r}.{c}" for t, rows in report["tables"].items() for r, row in rows.items() for c in row}
    for check in report["checks"]:
        known = forms[report["form"]]["checks"]
        # the check of a named body is that of `*`
        named = [row for rows in report["tables"].values() for row in rows if not row.isascii()]
        body = next((row for row in named if check["id"].endswith(f".{row}")), "*")
        any_row = check["id"].removesuffix(body) + "*"
        about = known.get(check["id"]) or known[any_row]
        bodies = [body] if body != "*" else named
        cells = [
            cell
            for name in about["cells"]
            for cell in ([name.replace("*", body) for body in bodies] if "*" in name else [name])
            if cell in names
        ]
        if report["form"].startswith("enforcement"):
            # columns that the document names come in its order
            order = [f"{t}.{r}.{c}" for t, rows in report["tables"].items() for r, row in rows.items() for c in row]
            cells.sort(key=order.index)
        own = [check["id"], about["rule"], check["status"], check["left"], check["right"]]
        yield [*who(report), *own, " ".join(cells)]


def diagnostics(report):
    for found in report["diagnostics"]:
        cells = " ".join(found["cells"])
        at = [found["code"], found["severity"], found["message"], found["line"], found.get("page")]
        yield [*who(report), *at, cells, found.get("check"), Said(found["message"])]


def sections(report):
    parts = [{"key": "preamble", "ordinal": None, "title": None, "paragraphs": report["preamble"]}]
    for number, part in enumerate(parts + report["sections"]):
        head = [*who(report), number, part["key"], part["ordinal"], part["title"]]
        if number and not part["paragraphs"]:
            yield [*head, 0, None]
        for at, text in enumerate(part["paragraphs"], 1):
            yield [*head, at, text]


def statements(report):
    for said in report["statements"]:
        at = said["at"]
        exact = None if said["value"] is None else Exact(digits(said["value"]))
        flags = [int(said["exact"]), int(said["words"])]
        own = [said["measure"], said["value"], exact, said["unit"], *flags, said["scope"], said["year"], said["proof"]]
        yield [*who(report), *own, said["finding"], said["text"], at.get("line"), at.get("page")]


def stated(report, measure):
    """The one number that the prose states, money in 万元."""
    scale = {"元": Decimal(10000), "亿元": Decimal("0.0001")}
    said = [s for s in report["statements"] if s["measure"] == measure and s["value"] is not None]
    values = {Decimal(s["value"]) / (scale.get(s["unit"], 1) if measure == "fees" else 1) for s in said}
    return values.pop() if len(values) == 1 else None


def truth(wide, whole, words, forms):
    """What makes the rows of each table from a report."""
    return {
        "cells": lambda report: cells(report, words, forms),
        "reports": lambda report: reports(report, wide, whole),
        "checks": lambda report: checks(report, forms),
        "diagnostics": diagnostics,
        "sections": sections,
        "statements": statements,
    }


def same(want, got):
    if want is None or got is None:
        return want is got
    if isinstance(want, (int, Decimal)) and isinstance(got, float):
        return float(want) == got
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
            is_said = isinstance(a, Said) and a.is_said(b)
            assert a == b or is_said or check(a, b), f"{name}: row {count}, column {at}: JSON {a!r:.200}, read {b!r:.200}\n{left[:3]!r:.200}"


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


def guessed(path, rows):
    """Readers that take the types of columns from the first rows do not stop further down, and take no text for numbers."""
    import duckdb
    import polars

    frame = polars.read_csv(path)
    assert frame.height == rows, f"{path.name}: polars reads {frame.height} rows"
    floats = {name for name, kind in frame.schema.items() if kind == polars.Float64}
    [[count]] = duckdb.sql(f"SELECT count(*) FROM (SELECT DISTINCT COLUMNS(*) FROM read_csv('{path}'))").fetchall()
    assert count <= rows
    if path.name == "cells.csv":
        assert floats == {"value", "value_exact"} and frame.schema["raw"] == polars.String, frame.schema


def from_sqlite(path, table):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = database.execute(f"select * from {table}")
    yield from rows


def from_xlsx(book, table):
    names = [name for name in book.sheetnames if name == table or name.startswith(table + " ")]
    for name in names:
        rows = book[name].iter_rows(values_only=True)
        head = next(rows)
        for row in rows:
            yield (*row, *[None] * (len(head) - len(row)))


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
    if want is None or got is None:
        return want is got
    # Excel has fifteen digits: what has more of them is text, or the nearest double
    return Decimal(got) == want if isinstance(got, str) else float(got) == float(want)


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
        return want is None
    return want is not None and float(got) == float(want)


def as_csv_has_it(want, got):
    """CSV has no types: a number is its digits, nothing is an empty field."""
    if want is None or want == "":
        return got is None
    if isinstance(want, Exact):
        return got is not None and "." in got and Decimal(got) == Decimal(want)
    if isinstance(want, str):
        return got == want or (got == "'" + want and want.strip()[0] in "=+-@.0123456789")
    return got is not None and Decimal(got) == want


def header(out):
    """The wide columns from the metadata of the Parquet files, and labels and units from the grammars."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(out / "reports.parquet")
    wide, whole = [], set()
    for field in schema:
        if "__" in field.name:
            about = {key.decode(): value.decode() for key, value in field.metadata.items()}
            assert about["description"] and about["description_zh"], field.name
            wide.append(field.name)
            if str(field.type) == "int64":
                whole.add(field.name)
    for table in TABLES:
        for field in pq.read_schema(out / f"{table}.parquet"):
            assert field.metadata.get(b"description") and field.metadata.get(b"description_zh"), field.name
    return wide, whole, words_of_grammars()


def words_of_grammars():
    """What the grammars say of each row and column of the forms that come with the program."""
    words = {}
    for path in (Path(__file__).parents[2] / "grammars").glob("*/*.toml"):
        grammar = tomllib.loads(path.read_text(encoding="utf-8"))
        # words of bodies and heads are no form
        for table in grammar.get("table", []):
            for part in ["row", "column"]:
                own = {one["key"]: one for one in table[part]}
                for key, one in own.items():
                    if "of" in one:  # several kinds under one header
                        one = {**one, "labels": ["、".join(own[kind]["labels"][0] for kind in one["of"])]}
                    labels = one.get("labels", [])
                    words[grammar["id"], table["key"], part, key] = {**one, "labels": labels} if labels else one
    return words


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
    wide, whole, words = header(out)
    forms = json.loads((out / "forms.json").read_text("utf-8"))["forms"]
    book = None
    if "xlsx" in formats:
        import openpyxl

        book = openpyxl.load_workbook(out / "nianbao.xlsx", read_only=True)
        explained = {row[1] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
        assert {"value", *wide} <= explained, "the first sheet explains every column"
    make = truth(wide, whole, words, forms)
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
        if "csv" in formats and table != "sections":
            guessed(out / f"{table}.csv", counts[table])
            print(f"csv {table}: polars and DuckDB guess its types", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["parquet", "arrow", "csv", "sqlite", "xlsx"])
