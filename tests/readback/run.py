"""Converts the corpus and hostile reports into every format, and reads all of them back.

    python tests/readback/run.py NIANBAO [INPUT...]
    python tests/readback/run.py NIANBAO --shard 10000 [--formats csv,parquet,arrow,sqlite] FOLDER...

The second converts any number of files, so many at a time, whose outputs are read back and removed again; openpyxl needs
ten times as long as all others together. Stata files are among them where the Python package is installed.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import hostile
import readback

FORMATS = ["csv", "parquet", "arrow", "sqlite", "xlsx"]


def convert(program, out, inputs, *more):
    done = subprocess.run([program, "convert", *inputs, "--out", out, "--quiet", *more])
    assert done.returncode in (0, 1), f"ended with {done.returncode}"


def read_back(out, formats):
    if importlib.util.find_spec("nianbao"):
        from nianbao.stata import to_stata

        to_stata(out)
        formats = [*formats, "dta"]
    readback.main(out, formats)


def main(program, more):
    corpus = Path(__file__).parents[2] / "corpus"
    with tempfile.TemporaryDirectory() as scratch:
        bad = Path(scratch, "hostile")
        hostile.write(bad)
        inputs = [corpus, bad, *more]
        formats = ",".join(["jsonl", *FORMATS])
        for name, options in [("all", []), ("dedup", ["--dedup"]), ("one", ["--threads", "1"])]:
            out = Path(scratch, name)
            # the hostile ones twice: they repeat themselves
            convert(program, out, [*inputs, bad], "--format", formats, *options)
            read_back(out, FORMATS)
        for file in sorted(Path(scratch, "all").iterdir()):
            if file.suffix in [".parquet", ".arrow", ".csv", ".jsonl"]:
                same = file.read_bytes() == Path(scratch, "one", file.name).read_bytes()
                assert same, f"{file.name} depends on the number of threads"
        left = [file.name for file in Path(scratch, "all").iterdir() if file.name.startswith(".")]
        assert not left, f"scratch files are left: {left}"


def shards(program, count, folders, formats):
    files = sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    for first in range(0, len(files), count):
        some = files[first : first + count]
        with tempfile.TemporaryDirectory() as scratch:
            start = time.monotonic()
            listed, out = Path(scratch, "files"), Path(scratch, "out")
            listed.write_text("".join(f"{path}\n" for path in some), "utf-8")
            # the truth of the columns is in the metadata of Parquet
            convert(program, out, ["--files-from", listed], "--format", ",".join({"jsonl", "parquet", *formats}))
            read_back(out, formats)
        print(f"{first + len(some)} documents, the last in {time.monotonic() - start:.0f} s", flush=True)
    assert files, "no files"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("inputs", nargs="*")
    arguments.add_argument("--shard", type=int)
    arguments.add_argument("--formats", default=",".join(FORMATS))
    asked = arguments.parse_intermixed_args()
    if asked.shard:
        shards(asked.program, asked.shard, asked.inputs, asked.formats.split(","))
    else:
        main(asked.program, asked.inputs)
