"""Archives on a cluster whose machines fail: every document once in the output, whatever dies."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster

import nianbao
from nianbao import convert_all

ARCHIVES, DOCUMENTS = 12, 25
TEXT = "某县{year}年政府信息公开工作年度报告\n本年制发件数 本年废止件数 现行有效件数\n规章 {number} 0 1\n"


@pytest.fixture
def archives(tmp_path):
    made = []
    for number in range(ARCHIVES):
        path = tmp_path / "in" / f"{number:02}.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            for document in range(DOCUMENTS):
                text = TEXT.format(year=2020 + document % 5, number=number * 1000 + document)
                archive.writestr(f"{document:03}.txt", text)
        made.append(str(path))
    return made


def cluster():
    return LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None)


def kill_once(uri, out, marker, marked, **options):
    """`convert_one`, but the worker dies the first time it meets the marked archive, half-way: its files are there."""
    if Path(uri).name == marked and not os.path.exists(marker):
        scratch = Path(out, f".half.{os.getpid()}")
        nianbao.convert(uri, scratch)
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return nianbao.convert_one(uri, out, **options)


def kill_always(uri, out, marked, **options):
    if Path(uri).name == marked:
        os.kill(os.getpid(), signal.SIGKILL)
    return nianbao.convert_one(uri, out, **options)


def check(out, archives):
    """Rows in are rows out, and all distinct."""
    rows = [source for path in Path(out, "reports").glob("*.parquet") for source in pq.read_table(path)["source"].to_pylist()]
    want = [f"{archive}!/{document:03}.txt" for archive in archives for document in range(DOCUMENTS)]
    assert sorted(rows) == sorted(want)


def test_a_worker_is_killed_once(archives, tmp_path, monkeypatch):
    out, marker = tmp_path / "out", str(tmp_path / "marker")
    monkeypatch.setattr("nianbao.parts.convert_one", kill_once)
    with cluster() as machines, Client(machines) as client:
        failed = convert_all(archives, out, client, window=5, marker=marker, marked="05.zip")
    assert failed == {} and os.path.exists(marker)
    check(out, archives)


def test_a_document_that_always_kills(archives, tmp_path, monkeypatch):
    out = tmp_path / "out"
    monkeypatch.setattr("nianbao.parts.convert_one", kill_always)
    with cluster() as machines, Client(machines) as client:
        failed = convert_all(archives, out, client, marked="07.zip")
    assert list(failed) == [archives[7]] and "Killed" in failed[archives[7]]
    check(out, [archive for archive in archives if archive != archives[7]])


def test_the_driver_is_killed_and_run_again(archives, tmp_path):
    out = tmp_path / "out"
    program = Path(__file__).parents[1] / "examples" / "dask_archives.py"
    command = [sys.executable, str(program), str(out), *archives]
    driver = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 25
    while time.monotonic() < until and len(list(out.glob("reports/*.parquet"))) < 2 and driver.poll() is None:
        time.sleep(0.002)
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    made = {path: path.stat().st_mtime_ns for path in out.glob("parts/*.json")}
    again = subprocess.run(command, timeout=60)
    assert again.returncode == 0
    assert all(path.stat().st_mtime_ns == time_made for path, time_made in made.items()), "nothing is done twice"
    check(out, archives)


def test_what_failed_is_named_and_the_status_says_so(archives, tmp_path):
    program = Path(__file__).parents[1] / "examples" / "dask_archives.py"
    command = [sys.executable, str(program), str(tmp_path / "out"), *archives[:2], "/no/such/archive.zip"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "/no/such/archive.zip" in done.stderr
    check(tmp_path / "out", archives[:2])
