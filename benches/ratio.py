#!/usr/bin/env python3
"""How much CPU reading takes against `wc -m`, and what else is promised of speed: ratios of one run, medians of five.

    benches/ratio.py BINARY GENERATE [--count 1000] [--folder DIR] [--pages PYTHON]

BINARY is `target/release/nianbao`; GENERATE writes corpora, `cargo bench --no-run --bench generate` builds and names it.
PYTHON has lxml: web pages are held against a script that only collects the rows of their tables.

`wc -m` decodes and counts the characters of the same files, which is a floor for reading text at all. The two take turns, so
that a busy machine slows both; CPU is the time in the program itself, of all threads.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

RUNS = 5
# the six one meets most, and the whole report on one line
SHAPES = ["rows", "cells", "pipe_end", "aligned", "rows_glued", "rows_blank_lost", "oneline"]
BIG = 50_000_000
LXML = """
import sys
from lxml import html
for name in sys.argv[1:]:
    page = html.parse(name)
    [[" ".join(cell.itertext()).strip() for cell in row.xpath("./td|./th")] for row in page.xpath("//table//tr")]
"""


class Used:
    """What a command took: seconds of CPU and of the clock, and the most bytes of memory."""

    def __init__(self, command, **environment):
        start = time.monotonic()
        nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
        process = os.posix_spawnp(command[0], command, {**os.environ, **environment}, file_actions=[nowhere])
        _, status, used = os.wait4(process, 0)
        # 1: there were findings
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"failed: {' '.join(command)[:200]}")
        self.clock = time.monotonic() - start
        self.cpu = used.ru_utime
        self.memory = used.ru_maxrss * 1024


def turns(*commands):
    """Runs the commands in turn; of each all runs."""
    return zip(*[[command() for command in commands] for _ in range(RUNS)])


def median(runs, of):
    return statistics.median(of(run) for run in runs)


def cpu(runs):
    return median(runs, lambda run: run.cpu)


def clock(runs):
    return median(runs, lambda run: run.clock)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("generate")
    parser.add_argument("--count", type=int, default=1000, help="documents of each shape")
    parser.add_argument("--folder", help="kept, and used again")
    parser.add_argument("--pages", metavar="PYTHON", help="a Python that has lxml")
    asked = parser.parse_args()
    folder = Path(asked.folder or tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    # in memory where there is such a place: a disk is not measured
    out = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))

    def convert(source, threads=1, format="jsonl"):
        shutil.rmtree(out)
        command = [asked.binary, "convert", str(source), "--out", str(out), "--format", format, "--quiet"]
        return Used([*command, "--threads", str(threads), "--fail-on", "never"])

    def made(shape):
        own = folder / shape
        if not own.exists():
            subprocess.run([asked.generate, own, str(asked.count), "--shape", shape], check=True, stdout=subprocess.DEVNULL)
            # the truth is no document
            (own / "truth.jsonl").unlink()
        return own, sorted(str(file) for file in own.rglob("*") if file.is_file())

    print(f"{asked.count} documents a shape, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'shape':<16}{'bytes':>10}{'ns/byte':>9}{'x wc -m':>9}{'JSONL/report':>14}")
    sum_reading = sum_floor = sum_bytes = 0
    for shape in SHAPES:
        source, files = made(shape)
        size = sum(map(os.path.getsize, files))
        floor, reading = turns(lambda: Used(["wc", "-m", *files], LC_ALL="C.UTF-8"), lambda: convert(source))
        floor, reading = cpu(floor), cpu(reading)
        record = (out / "reports.jsonl").stat().st_size / len(files)
        print(f"{shape:<16}{size:>10}{reading / size * 1e9:>9.1f}{reading / floor:>9.1f}{record:>14.0f}")
        sum_reading, sum_floor, sum_bytes = sum_reading + reading, sum_floor + floor, sum_bytes + size
    print(f"{'equal mix':<16}{sum_bytes:>10}{sum_reading / sum_bytes * 1e9:>9.1f}{sum_reading / sum_floor:>9.1f}")

    source, files = made("rows")
    jsonl, parquet = turns(lambda: convert(source), lambda: convert(source, format="parquet"))
    print(f"Parquet takes {cpu(parquet) / cpu(jsonl):.2f} x the CPU of JSONL (rows)")

    for name, carrier in carriers(folder, source, files):
        one, two = turns(lambda: convert(carrier), lambda: convert(carrier, threads=2))
        print(f"two threads from {name}: {clock(one) / clock(two):.2f} x as fast as one")

    big = folder / "big.txt"
    if not big.exists():
        text = b"".join(Path(file).read_bytes() for file in files)
        big.write_bytes((text * (BIG // len(text) + 1))[:BIG])
    [runs] = turns(lambda: convert(big))
    memory = median(runs, lambda run: run.memory)
    print(f"a text of {BIG / 1e6:.0f} MB takes {memory / BIG:.1f} x its bytes of memory and {clock(runs):.1f} s")

    if asked.pages:
        source, files = made("page_word")
        rows, reading = turns(lambda: Used([asked.pages, "-c", LXML, *files]), lambda: convert(source))
        print(f"pages: {cpu(rows) / cpu(reading):.1f} x as fast as lxml that collects the rows")

    shutil.rmtree(out)
    if not asked.folder:
        shutil.rmtree(folder)


def carriers(folder, source, files):
    """The same documents as files and in archives."""
    yield "files", source
    packed = folder / "rows.zip"
    if not packed.exists():
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, os.path.relpath(file, source))
    yield "ZIP", packed
    if shutil.which("zstd"):
        packed = folder / "rows.tar.zst"
        if not packed.exists():
            subprocess.run(["tar", "--zstd", "-cf", packed, "-C", source, "."], check=True)
        yield "tar.zst", packed


if __name__ == "__main__":
    main()
