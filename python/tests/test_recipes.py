"""The recipes for Ray and Spark, where these are installed: `pip install ray pyspark` and a Java runtime.

An archive kills the worker that reads it, once or always; another is not there.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ARCHIVES, DOCUMENTS = 16, 25
TEXT = "某县{year}年政府信息公开工作年度报告\n本年制发件数 本年废止件数 现行有效件数\n规章 {number} 0 1\n"
# in every process of the engine: `convert_one` kills it at marked archives
KILLER = """
import os, signal
import nianbao
whole = nianbao.convert_one
def convert_one(uri, out, **options):
    once = uri + ".killed"
    if uri.endswith("always.zip") or uri.endswith("once.zip") and not os.path.exists(once):
        open(once, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(uri, out, **options)
nianbao.convert_one = convert_one
"""


@pytest.mark.parametrize("engine", ["ray", "pyspark"])
@pytest.mark.parametrize("dies", ["once", "always"])
def test_what_fails_is_named_and_the_rest_is_done(engine, dies, tmp_path):
    pytest.importorskip(engine)
    if engine == "pyspark" and not shutil.which("java"):
        pytest.skip("no Java")
    archives = []
    for number in range(ARCHIVES):
        path = tmp_path / "in" / f"{number}.{dies if number == 5 else 'good'}.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            for document in range(DOCUMENTS):
                archive.writestr(f"{document}.txt", TEXT.format(year=2020, number=number * 1000 + document))
        archives.append(str(path))
    (tmp_path / "sitecustomize.py").write_text(KILLER)
    program = EXAMPLES / f"{engine.removeprefix('py')}_archives.py"
    missing = str(tmp_path / "missing.zip")
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "out"), *archives, missing],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    failed = {line.split(": ")[1] for line in done.stderr.splitlines() if line.startswith("failed: ")}
    assert failed == ({missing} if dies == "once" else {missing, archives[5]})
    assert os.path.exists(archives[5] + ".killed")
    parts = Path(tmp_path, "out", "reports").glob("*.parquet")
    rows = [source for path in parts for source in pq.read_table(path)["source"].to_pylist()]
    good = [archive for archive in archives if archive not in failed]
    assert sorted(rows) == sorted(f"{archive}!/{document}.txt" for archive in good for document in range(DOCUMENTS))
