"""Converts the corpus and hostile reports into every format, and reads all of them back.

    python tests/readback/run.py NIANBAO [INPUT...]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import hostile
import readback

FORMATS = ["csv", "parquet", "arrow", "sqlite", "xlsx"]


def convert(program, out, inputs, *more):
    done = subprocess.run([program, "convert", *inputs, "--out", out, "--quiet", *more])
    assert done.returncode in (0, 1), f"ended with {done.returncode}"


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
            readback.main(out, FORMATS)
        for file in sorted(Path(scratch, "all").iterdir()):
            if file.suffix in [".parquet", ".arrow", ".csv", ".jsonl"]:
                same = file.read_bytes() == Path(scratch, "one", file.name).read_bytes()
                assert same, f"{file.name} depends on the number of threads"
        left = [file.name for file in Path(scratch, "all").iterdir() if file.name.startswith(".")]
        assert not left, f"scratch files are left: {left}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
