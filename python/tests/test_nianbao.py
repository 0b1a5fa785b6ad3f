"""The package from outside. Run with the corpus beside it: python -m pytest python/tests"""

import doctest
import gc
import importlib
import json
import os
import pickle
import pkgutil
import runpy
import signal
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path

import frictionless
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import nianbao

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = sorted(path.parent for path in CORPUS.glob("*/*/expected.json"))
PASSING = {line.split()[0] for line in (CORPUS / "PASS.list").read_text("utf-8").splitlines() if line.strip()}


def source(case):
    return next(path for path in case.iterdir() if path.stem == "source")


def test_there_are_cases():
    assert len(CASES) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_corpus(case):
    """Every value that a person typed from the document comes out of Python, or is not given."""
    if f"{case.parent.name}/{case.name}" not in PASSING:
        pytest.skip("not passed by the program either")
    expected = json.loads((case / "expected.json").read_text("utf-8"), parse_float=Decimal)
    report = nianbao.parse(source(case))
    plain = lambda text: text and "".join(text.split())
    assert report.form == expected.get("form", report.form)
    assert report.year == expected.get("year", report.year)
    assert plain(report.title) == plain(expected.get("title", report.title))
    assert plain(report.issuer["name"]) == plain(expected.get("issuer", report.issuer["name"]))
    rows = {}
    for cell in report.cells:
        rows.setdefault((cell.table, cell.row), []).append(cell)
    for table, wanted in expected.get("tables", {}).items():
        for row, values in wanted.items():
            if (table, row) not in rows:  # of the other version of a table
                assert set(values) == {"missing"}
                continue
            for want, cell in zip(values, rows[table, row], strict=True):
                if want is None:
                    assert cell.status == "blank", cell
                elif want == "?":
                    assert cell.status in ["ambiguous", "blank"], cell
                elif want in ["missing", "unreadable"]:
                    assert cell.status == want, cell
                else:
                    assert cell.value == want, cell


def test_report_is_typed():
    report = nianbao.parse(source(CASES[0]))
    assert report.cells and all(isinstance(cell, nianbao.Cell) for cell in report.cells)
    assert {check.status for check in report.checks} <= {"holds", "fails", "open"}
    assert len(report.cells) == report.reading["cells"]
    assert json.loads(report.to_json())["schema"] == "nianbao.report/2"
    assert report.cells[0].name.count(".") >= 2
    names = {cell.name for cell in report.cells}
    assert all(check.rule and check.cells and set(check.cells) <= names for check in report.checks)


def test_what_is_open_and_what_is_proven():
    for case in CASES:
        report = nianbao.parse(source(case))
        ids = {check.id: check for check in report.checks}
        for cell in report.cells:
            assert not cell.candidates or cell.status == "ambiguous"
            assert not cell.proof or cell.status == "solved"
            assert all(isinstance(candidate.value, (int, Decimal)) for candidate in cell.candidates)
            assert all(cell.name in ids[check].cells for check in cell.proof)
        for found in report.diagnostics:
            assert found.check is None or ids[found.check].status == "fails"


def test_statements():
    text = "某镇2016年政府信息公开工作年度报告\n一、主动公开情况\n2016年，我镇主动公开政府信息37条。\n二、申请\n我镇未收到政府信息公开申请。\n"
    published, received = nianbao.parse(text.encode()).statements
    assert (published.value, published.unit, published.words, published.scope) == (37, "条", False, "body")
    assert (received.measure, received.value, received.words) == ("applications_received", 0, True)


def test_html_shows_the_tables_and_is_safe():
    text = "<script>alert(1)</script>某县2022年政府信息公开工作年度报告\n本年制发件数 本年废止件数 现行有效件数\n规章 3 0 1\n"
    html = nianbao.parse(text.encode(), name="<b>")._repr_html_()
    assert "<script" not in html
    assert "规章" in html and "现行有效件数" in html and ">3</td>" in html
    for case in CASES[:20]:
        html = nianbao.parse(source(case))._repr_html_()
        assert html.count("<table>") == html.count("</table>")


def test_read_is_what_convert_writes(tmp_path):
    inputs = [source(case) for case in CASES]
    done = nianbao.convert(inputs, tmp_path / "out", formats=["parquet", "jsonl"])
    assert done.documents == len(inputs)
    for table in ["reports", "cells", "checks", "diagnostics", "sections", "statements"]:
        read = nianbao.read(inputs, table=table, threads=2)
        written = pq.read_table(tmp_path / "out" / f"{table}.parquet")
        if table == "reports":  # duplicates are looked for by `convert` only
            last = ["duplicate_of", "duplicate_by"]
            read, written = read.drop_columns(last), written.drop_columns(last)
        assert read.cast(written.schema).equals(written), table


def money_columns():
    """The columns of `reports` whose unit is one of money."""
    cells = nianbao.read([source(case) for case in CASES], table="cells").select(["table", "row", "column", "unit"])
    names = {"stated__fees"}
    for cell in cells.to_pylist():
        if cell["unit"] in ("万元", "元"):
            names.add("__".join([cell["table"], cell["row"], cell["column"]]).replace(".", "__"))
    return names


def test_pandas_and_polars():
    table = nianbao.read([source(case) for case in CASES])
    frame = nianbao.to_pandas(table)
    assert len(frame) == table.num_rows
    money = money_columns()
    # an indicator is money in each of its columns
    rows = tuple(name.rsplit("__", 1)[0] + "__" for name in money if name.startswith("indicators__"))
    for name in frame.columns:
        if "__" in name:
            assert str(frame[name].dtype) == ("Float64" if name in money or "amount" in name or name.startswith(rows) else "Int64"), name
    cells = nianbao.to_pandas(nianbao.read([source(case) for case in CASES], table="cells"))
    for value, exact in zip(cells.value, cells.value_exact):
        assert pandas.isna(value) == pandas.isna(exact)
        assert pandas.isna(value) or Decimal(str(value)) == Decimal(exact)
    assert nianbao.to_polars(table).height == table.num_rows


TEXTS = [pa.string(), pa.large_string(), pa.string_view()]
BINARIES = [pa.binary(), pa.large_binary(), pa.binary_view()]


@pytest.mark.parametrize("text", TEXTS, ids=str)
@pytest.mark.parametrize("binary", BINARIES, ids=str)
def test_parse_batch(text, binary):
    paths = [source(case) for case in CASES[:20]]
    names = [str(path) for path in paths]
    documents = [path.read_bytes() for path in paths]
    batch = pa.record_batch({"name": pa.array(names, text), "bytes": pa.array(documents, binary)})
    rows = nianbao.parse_batch(batch)
    assert rows.column("source").to_pylist() == names
    assert rows.column("sha256").to_pylist() == nianbao.read(paths).column("sha256").to_pylist()
    cells = nianbao.parse_batch(batch.slice(3, 4), table="cells")
    assert list(dict.fromkeys(cells.column("source").to_pylist())) == [
        name for name, path in zip(names[3:7], paths[3:7]) if nianbao.parse(path).form
    ]


def test_parse_batch_of_nothing_and_nulls():
    schema = pa.schema([("name", pa.string()), ("bytes", pa.binary())])
    assert nianbao.parse_batch(pa.RecordBatch.from_pylist([], schema)).num_rows == 0
    rows = nianbao.parse_batch(pa.record_batch({"name": ["a", None], "bytes": pa.array([None, b"x"], pa.binary())}))
    assert rows.column("source").to_pylist() == ["a", ""]
    for bad in [{"name": ["a"]}, {"name": [1], "bytes": [b""]}]:
        with pytest.raises(ValueError, match="column"):
            nianbao.parse_batch(pa.record_batch(bad))
    with pytest.raises(TypeError, match="__arrow_c_array__"):
        nianbao.parse_batch("no batch")
    with pytest.raises(TypeError, match="not a batch"):
        nianbao.parse_batch(pa.array([1, 2]))


def test_batches_are_given_back():
    """What is taken over is released, and what is handed out lives as long as it is used."""
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(20):
        batch = pa.record_batch({"name": ["a"], "bytes": [b"x" * 1_000_000]})
        kept = nianbao.parse_batch(batch).column("source")
        del batch
    assert kept.to_pylist() == ["a"]
    del kept
    gc.collect()
    assert pa.total_allocated_bytes() - before < 2_000_000


def test_other_threads_run_meanwhile():
    text = (source(CASES[0]).read_bytes() + b"\n") * 400
    done = threading.Event()
    turns = 0

    def work():
        nianbao.parse(text)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.0005):
        turns += 1
    thread.join()
    assert turns > 3


def test_errors_have_file_and_place(tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        nianbao.parse(tmp_path / "none.txt")
    assert missing.value.filename == str(tmp_path / "none.txt") or missing.value.filename == tmp_path / "none.txt"
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"\ntitle = "x"\n[select]\nwords = []\nwrong = 1\n', "utf-8")
    with pytest.raises(nianbao.GrammarError) as mistake:
        nianbao.parse(b"x", grammar=bad)
    assert str(mistake.value.path) == str(bad) and mistake.value.line >= 1 and "bad.toml" in str(mistake.value)
    with pytest.raises(OSError) as not_made:
        (tmp_path / "file").write_text("x")
        nianbao.convert(bad, tmp_path / "file" / "out")
    assert "file" in str(not_made.value)
    with pytest.raises(ValueError, match="no format"):
        nianbao.convert(bad, tmp_path / "out", formats=["xls"])
    with pytest.raises(ValueError, match="no table"):
        nianbao.read(bad, table="cell")
    with pytest.raises(ValueError, match="no table"):
        nianbao.convert_one(str(bad), tmp_path / "out", tables="cell")
    for seconds in [-1.0, float("nan")]:
        with pytest.raises(ValueError, match="max_seconds"):
            nianbao.convert(bad, tmp_path / "out", max_seconds=seconds)
    with pytest.raises(TypeError):
        nianbao.parse(3)
    with pytest.raises(KeyError, match="x.txt has no cell proactive.fees.amount"):
        nianbao.parse(b"nothing", name="x.txt")["proactive", "fees", "amount"]


def test_a_report_goes_to_another_process():
    report = nianbao.parse(source(CASES[0]))
    assert pickle.loads(pickle.dumps(report)).to_dict() == report.to_dict()


def test_a_grammar_of_ones_own():
    own = Path(__file__).parents[2] / "tests" / "grammars" / "statistics.toml"
    name = tomllib.loads(own.read_text("utf-8"))["id"]
    read = nianbao.read(source(CASES[0]), grammar=[own])
    assert any(column.startswith(f"{table['key']}__") for table in tomllib.loads(own.read_text("utf-8"))["table"] for column in read.column_names), name


def test_progress_is_printed(tmp_path, capsys):
    nianbao.convert(source(CASES[0]), tmp_path, formats="jsonl", progress=True)
    assert capsys.readouterr().out.endswith("\r1 documents, 1 reports\n")


def test_progress_and_what_it_raises(tmp_path):
    path = source(CASES[0])
    told = []
    nianbao.convert([path] * 4000, tmp_path / "out", progress=lambda documents, reports: told.append(documents))
    assert told == sorted(told) and told

    def stop(documents, reports):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        nianbao.convert([path] * 20000, tmp_path / "stopped", progress=stop)
    done = nianbao.convert([path] * 20000, tmp_path / "stopped", resume=True, progress=None)
    assert done.documents == 20000


def test_one_archive_one_part(tmp_path):
    uri = source(CASES[0]).as_uri()
    first = nianbao.convert_one(uri, tmp_path, tables=["cells", "reports"])
    again = nianbao.convert_one(uri, tmp_path, tables=["cells", "reports"])
    assert (first.skipped, again.skipped) == (False, True)
    assert pq.read_table(first.files["reports"]).num_rows == 1
    other = nianbao.convert_one(uri, tmp_path, tables=["reports"])
    assert not other.skipped
    left = [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
    assert not left


def modules():
    names = [info.name for info in pkgutil.iter_modules(nianbao.__path__) if not info.name.startswith("_")]
    return [nianbao, *(importlib.import_module(f"nianbao.{name}") for name in names)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_the_panel_has_the_year_before(tmp_path):
    good = (CORPUS.parent / "tests" / "cli" / "good.txt").read_text("utf-8")
    received, carried_in = "公开申请数量 3 0 0 0 0 0 3", "公开申请数量 0 0 0 0 0 0 0"
    assert good.count(received) == good.count(carried_in) == 1
    for year, count in [(2021, 7), (2022, 3), (2024, 5)]:
        text = good.replace("2022年", f"{year}年").replace(received, f"公开申请数量 {count} 0 0 0 0 0 {count}")
        (tmp_path / f"{year}.txt").write_text(text.replace("某县", "鲁山县"), "utf-8")
        # a name without a code may be that of several places: never joined
        (tmp_path / f"{year}-unknown.txt").write_text(text, "utf-8")
    nianbao.convert(tmp_path, tmp_path / "out")
    made = runpy.run_path(str(CORPUS.parent / "python" / "examples" / "panel.py"))["panel"](tmp_path / "out")
    assert set(made.issuer) == {"鲁山县人民政府"}
    before = made.set_index("year").received_before
    assert before[2022] == 7 and pandas.isna(before[2021]) and pandas.isna(before[2024])
    assert bool(made.set_index("year").carry_agrees[2022])


def test_rates_do_not_add_a_province_to_its_counties(tmp_path):
    good = (CORPUS.parent / "tests" / "cli" / "good.txt").read_text("utf-8")

    def report(body, refused):
        text = good.replace("某县", body)
        for label, before in [("公开申请数量", 3), ("1.属于国家秘密", 0), ("（七）总计", 3)]:
            line, count = f"{label} {before} 0 0 0 0 0 {before}", before + refused
            assert text.count(line) == 1
            text = text.replace(line, f"{label} {count} 0 0 0 0 0 {count}")
        return text

    for name, body, refused in [("1", "河南省", 4), ("2", "鲁山县", 1), ("3", "叶县", 0), ("again", "鲁山县", 1)]:
        (tmp_path / f"{name}.txt").write_text(report(body, refused), "utf-8")
    nianbao.convert(tmp_path, tmp_path / "out")
    rates = runpy.run_path(str(CORPUS.parent / "python" / "examples" / "refusals.py"))["rates"](tmp_path / "out")
    # reports, refused, decided: the report that is there twice counts once
    assert rates.fetchall() == [("河南省", "county", 2022, 2, 1, 7, 0.1429), ("河南省", "province", 2022, 1, 4, 7, 0.5714)]


def test_everything_has_a_docstring():
    for name in nianbao.__all__:
        assert name == "__version__" or getattr(nianbao, name).__doc__, name


def test_an_input_that_is_not_there(tmp_path):
    there = tmp_path / "a.txt"
    there.write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    nianbao.convert(there, tmp_path / "out", formats="jsonl")
    before = (tmp_path / "out" / "reports.jsonl").read_bytes()
    for read in [lambda paths: nianbao.convert(paths, tmp_path / "out", formats="jsonl"), nianbao.read]:
        with pytest.raises(FileNotFoundError) as missing:
            read([there, tmp_path / "nowhere"])
        assert str(missing.value.filename).endswith("nowhere")
    assert (tmp_path / "out" / "reports.jsonl").read_bytes() == before


def test_the_data_package_is_valid(tmp_path):
    """By the tool that the format is of: every table has the columns, types and constraints that the package says."""
    formats = ["jsonl", "csv", "parquet", "xlsx", "sqlite"]
    nianbao.convert([source(case) for case in CASES[:25]], tmp_path, formats=formats)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    wrong = [(task.name, error.message) for task in report.tasks for error in task.errors]
    assert report.valid and len(report.tasks) == 14, wrong[:10]


def test_corrections_and_update(tmp_path):
    case = next(case for case in CASES if case.name.startswith("changli-2020"))
    path = source(case)
    record = nianbao.parse(path)
    cell = record["applications", "outcome_total", "total"]
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(
        "sha256,cell,value,was,by,date,note\n"
        f"{record.source['sha256']},{cell.name},27,{cell.status} {cell.value},me,2026-01-02,\n",
        encoding="utf-8",
    )
    rows = nianbao.read(path, table="cells", corrections=corrections)
    assert [row["value"] for row in rows.to_pylist() if row["status"] == "reviewed"] == [27.0]
    out = tmp_path / "out"
    for update in [False, True]:
        nianbao.convert(path, out, formats=["parquet", "jsonl"], corrections=corrections, update=update)
        written = pq.read_table(out / "cells.parquet")
        assert rows.cast(written.schema).equals(written)
    assert json.loads((out / "log.json").read_text("utf-8"))["update"]["vanished"] == 0


def test_cells_by_name():
    report = nianbao.parse(source(CASES[0]))
    cell = report.cells[-1]
    assert report[cell.name] == report[cell.table, cell.row, cell.column] == cell
    with pytest.raises(KeyError, match="did you mean applications.received.total"):
        report["applications.recieved.total"]
    with pytest.raises(KeyError, match="has no cell nothing.like.that"):
        report["nothing.like.that"]


def test_an_entry_of_an_archive_by_its_name(tmp_path):
    path = source(CASES[0])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, f"b/{path.name}")
    [name] = nianbao.read(tmp_path / "a.zip")["source"].to_pylist()
    assert name.endswith(f"a.zip!/b/{path.name}")
    report = nianbao.parse(name)
    assert report.name == name and report.cells == nianbao.parse(path).cells
    with pytest.raises(FileNotFoundError):
        nianbao.parse(tmp_path / "a.zip!" / "nothing.txt")


def test_include_and_exclude(tmp_path):
    for name in ["a.txt", "b.htm", "drafts/c.txt"]:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("某县2022年政府信息公开工作年度报告", encoding="utf-8")
    names = lambda **more: [Path(name).name for name in nianbao.read(tmp_path / "in", **more)["source"].to_pylist()]
    assert names() == ["a.txt", "b.htm", "c.txt"]
    assert names(include="*.txt") == ["a.txt", "c.txt"]
    assert names(include=["*.txt"], exclude="drafts") == ["a.txt"]
    done = nianbao.convert(tmp_path / "in", tmp_path / "out", formats="csv", exclude=["*.txt"])
    assert done.documents == 1
    with pytest.raises(ValueError):
        nianbao.read(tmp_path / "in", include="[a")


def test_panel_and_explain(tmp_path):
    text = (CORPUS.parent / "tests" / "cli" / "good.txt").read_text("utf-8").replace("某县", "鲁山县")
    (tmp_path / "in").mkdir()
    for year in ["2022", "2023"]:
        (tmp_path / "in" / f"{year}.txt").write_text(text.replace("2022", year), encoding="utf-8")
    nianbao.convert(tmp_path / "in", tmp_path / "out", formats="csv")
    made = nianbao.panel(tmp_path / "out", out=tmp_path / "panel")
    assert made.rows["body_code_now"].tolist() == ["410423", "410423"]
    assert made.coverage[["2022", "2023"]].values.tolist() == [["present", "present"]]
    # 20 in force, 3 issued, 1 repealed, and 20 again
    assert made.findings["finding"].tolist() == ["stock_differs"] and made.findings["left_sum"].tolist() == [22]
    assert made.rows["body_name"].tolist() == ["鲁山县人民政府"] * 2
    assert "2 documents, 2 reports" in made.summary
    # the same of two conversions, with what a person decided
    for year in ["2022", "2023"]:
        nianbao.convert(tmp_path / "in" / f"{year}.txt", tmp_path / year, formats="csv")
    sha256 = nianbao.parse(tmp_path / "in" / "2023.txt").source["sha256"]
    corrections = tmp_path / "corrections.csv"
    cell = "proactive.normative_documents.in_force"
    corrections.write_text(f"sha256,cell,value,was\n{sha256},{cell},22,read 20\n", encoding="utf-8")
    both = nianbao.panel(
        [tmp_path / "2022", tmp_path / "2023"], out=tmp_path / "both", corrections=corrections
    )
    assert both.rows["proactive__normative_documents__in_force"].tolist() == [20, 22]
    assert both.rows["proactive__normative_documents__in_force__status"].tolist() == ["read", "reviewed"]
    assert len(both.findings) == 0
    with pytest.raises(ValueError, match="needs out="):
        nianbao.panel([tmp_path / "2022", tmp_path / "2023"])
    with pytest.raises(FileNotFoundError):
        nianbao.panel(tmp_path / "nothing")
    assert "applications" in nianbao.explain(tmp_path / "in" / "2022.txt")
    assert nianbao.explain(text.encode(), html=True).startswith("<!DOCTYPE html>")


def command(*words, **how):
    """Runs the command of the package."""
    environment = {**os.environ, "LC_ALL": how.pop("locale", "C")}
    words = [sys.executable, "-m", "nianbao", *words]
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env=environment, **how)


def test_the_package_has_the_command(tmp_path):
    assert command("--version").stdout.split() == ["nianbao", nianbao.__version__]
    assert command("no-such-command").returncode == 2
    assert "用法" in command("--help", locale="zh_CN.UTF-8").stdout
    assert command("places", "没有这个地方").returncode == 1
    done = command("convert", "absent", "--out", str(tmp_path / "out"))
    assert done.returncode == 2 and "absent" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_the_command_ends_with_what_ends_it():
    waiting = subprocess.Popen([sys.executable, "-m", "nianbao", "parse", "-"], stdin=subprocess.PIPE)
    time.sleep(1)
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(timeout=10) == -signal.SIGINT
    # nobody reads to the end
    told = subprocess.Popen([sys.executable, "-m", "nianbao", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told.stdout.readline()
    told.stdout.close()
    assert told.wait(timeout=10) == 0 and told.stderr.read() == b""
