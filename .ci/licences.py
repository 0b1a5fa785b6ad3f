#!/usr/bin/env python3
"""The licences of all crates that a build of ours contains, as one text; and what the crates declare against what we do.

    .ci/licences.py > LICENSE-THIRD-PARTY      the text that wheels and archives carry
    .ci/licences.py --check                    every crate has a licence text and one that .deny.toml allows, and none needs a
                                               newer Rust than Cargo.toml says

Needs nothing but Cargo, which knows the crates of the lock file, and their folders.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# how the files with the terms are called; a notice of copyright belongs to them
NAMES = ("licen", "copying", "unlicense", "notice", "copyright")
# the terms of a crate that brings no file with them: the first of its licences that stands here
TEXTS = {"MIT": ROOT / "LICENSE-MIT", "Apache-2.0": ROOT / "LICENSE-APACHE"}


def crates():
    """What is linked into the command or the Python package on any platform, by name and version."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    known = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in known["packages"]}
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    ours = [id for id in known["workspace_members"] if packages[id]["name"] in ("nianbao", "nianbao-python")]
    seen, open_ = set(), list(ours)
    while open_:
        id = open_.pop()
        if id in seen:
            continue
        seen.add(id)
        for dependency in nodes[id]["deps"]:
            # tools of tests and of the build are in no artefact
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                open_.append(dependency["pkg"])
    members = set(known["workspace_members"])
    found = [packages[id] for id in seen - members]
    own = [packages[id] for id in members]
    return own, sorted(found, key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The files with a crate's terms."""
    folder = Path(package["manifest_path"]).parent
    named = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name.lower().startswith(NAMES)]
    own = folder / package["license_file"] if package.get("license_file") else None
    if own and own.is_file() and own not in named:
        named.append(own)
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in named]


def fallback(package, found):
    """The terms where a crate brings no file: of a sibling out of the same repository, or by name; none where we do not know."""
    for other in found:
        same = other["repository"] == package["repository"] and other["license"] == package["license"]
        if same and package["repository"] and texts(other):
            return texts(other)[0]
    for name, path in TEXTS.items():
        if name in (package["license"] or ""):
            text = path.read_text(encoding="utf-8").strip()
            return f"{name}, of which this package brings no file of its own:\n\n{text}"
    return None


def allowed(expression, allow):
    """Whether a licence expression is met by those that are allowed: `(MIT OR Apache-2.0) AND Unicode-3.0`."""
    tokens = re.findall(r"[()]|[\w.+-]+", expression.replace("/", " OR "))
    at = 0

    def any_of():
        nonlocal at
        met = all_of()
        while at < len(tokens) and tokens[at] == "OR":
            at += 1
            met = all_of() or met
        return met

    def all_of():
        nonlocal at
        met = one()
        while at < len(tokens) and tokens[at] == "AND":
            at += 1
            met = one() and met
        return met

    def one():
        nonlocal at
        name = tokens[at]
        at += 1
        if name == "(":
            met = any_of()
            at += 1
            return met
        if at < len(tokens) and tokens[at] == "WITH":
            name += f" WITH {tokens[at + 1]}"
            at += 2
        return name in allow

    return any_of()


def number(version):
    return [int(part) for part in version.split(".")]


def check(own, found):
    wrong = []
    # what stands in quotes in `allow = [...]`; tomllib is of Python 3.11
    rules = (ROOT / ".deny.toml").read_text(encoding="utf-8")
    allow = set(re.findall(r'"([^"]+)"', re.search(r"(?s)^allow = \[(.*?)^\]", rules, re.M)[1]))
    for package in found:
        if not allowed(package["license"] or "none", allow):
            wrong.append(f"{package['name']} {package['version']}: {package['license']} is not allowed in .deny.toml")
        if not texts(package) and fallback(package, found) is None:
            wrong.append(f"{package['name']} {package['version']}: {package['license']}, and no text of it")
        for mine in own:
            needs, says = package["rust_version"], mine["rust_version"]
            if needs and number(needs) > number(says):
                wrong.append(f"{package['name']} {package['version']} needs Rust {needs}; {mine['name']} says {says}")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(found)} crates, {len(wrong)} of them wrong")
    return 1 if wrong else 0


def main():
    own, found = crates()
    if sys.argv[1:] == ["--check"]:
        return check(own, found)
    by_text = {}
    for package in found:
        for text in texts(package) or [fallback(package, found) or package["license"]]:
            by_text.setdefault(text, []).append(package)
    print("nianbao contains these packages, under these terms.\n")
    for package in found:
        print(f"{package['name']} {package['version']}  {package['license']}  {package['repository'] or ''}".rstrip())
    for text, packages in by_text.items():
        print("\n" + "=" * 80)
        print(", ".join(f"{package['name']} {package['version']}" for package in packages))
        print("=" * 80 + "\n")
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
