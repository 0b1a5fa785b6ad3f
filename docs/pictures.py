#!/usr/bin/env python3
"""The pictures of READMEs and site, of pages that the program makes of the corpus: `docs/pictures.py target/release/nianbao`.

Needs Chromium and a Chinese font. The pictures are not held against anything: a browser of another version draws others.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "site" / "images"


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{command}: {done.stderr}")


def picture(page, name, width, height):
    run(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}",
        "--virtual-time-budget=3000", f"--screenshot={IMAGES / name}", page.as_uri(),
    )


def main():
    program = str(Path(sys.argv[1]).resolve())
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        run(program, "convert", "corpus", "--out", str(folder / "out"), "--quiet")
        report = "corpus/disclosure-2021/huize-2023-page-form-sums-fail/source.html"
        run(program, "--lang", "en", "explain", report, "--html", str(folder / "explain.html"))
        picture(folder / "explain.html", "explain.png", 1280, 640)
        run(program, "--lang", "en", "review", str(folder / "out"), "--html", str(folder / "review.html"))
        picture(folder / "review.html", "review.png", 1280, 560)
        for lang, name in [("en", "panel.png"), ("zh", "panel.zh.png")]:
            run(program, "--lang", lang, "panel", str(folder / "out"), "--quiet")
            picture(folder / "out" / "panel.html", name, 1280, 720)


if __name__ == "__main__":
    main()
