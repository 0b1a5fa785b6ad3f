#!/usr/bin/env python3
"""The pages of the site that the program itself says: findings, forms. And what is held of all pages: links, commands.

    docs/make.py target/release/nianbao             writes findings.md, forms.md, both in Chinese, and the table of
                                                    diagnostics in docs/records.md
    docs/make.py target/release/nianbao --check     ends with 1 where they say another thing, a link leads nowhere, or a command
                                                    of the site or of the READMEs does not do what it should
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "docs" / "site"
# documents for the commands of the pages
SAMPLES = {
    "dayu.html": "disclosure-2021/dayu-2023-page-wechat",
    "dongxing.txt": "disclosure-2021/dongxing-2022-glued-not-unique",
    "huize.html": "disclosure-2021/huize-2023-page-form-sums-fail",
    "youxi.docx": "disclosure-2021/youxi-2022-docx-revisions",
}


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)


def unquoted(text):
    return json.loads(text)


def texts():
    """The table of findings: a small part of TOML, which Python reads by itself only since 3.11."""
    table, own = {}, None
    for line in (ROOT / "src/lang/findings.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            own = table.setdefault(line.strip("[]"), {})
        elif " = " in line and not line.startswith("#"):
            key, value = line.split(" = ", 1)
            own[key] = unquoted(value)
    return table


def severities():
    """Severity of each code, by the list in the program."""
    source = (ROOT / "src/finding.rs").read_text(encoding="utf-8")
    return {code: severity.lower() for code, severity in re.findall(r'\w+ = "(\w+)", (\w+);', source)}


def reference():
    """`docs/records.md` with its table of diagnostics as the program's texts say it."""
    page = (ROOT / "docs/records.md").read_text(encoding="utf-8")
    head = "| code | severity | meaning | what to do |\n|---|---|---|---|\n"
    before, after = page.split(head)
    rows = re.match(r"(\|.*\n?)*", after)[0]
    severity = severities()
    made = [f"| `{code}` | {severity[code]} | {own['en']} | {own['do_en']} |\n" for code, own in texts().items()]
    return before + head + "".join(made) + after[len(rows):]


def examples(program, language):
    """The first message of each code in the corpus, in the language in which `explain` shows it."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "corpus").glob("*/*/source.*"))
    found, where = {}, {}
    for line in run(program, "parse", "--compact", "--fail-on", "never", *sources).stdout.splitlines():
        record = json.loads(line)
        for one in record["diagnostics"]:
            if one["code"] not in found:
                found[one["code"]], where[one["code"]] = one["message"], record["source"]["name"]
    if language == "en":
        return found
    said = {}
    for source in sorted(set(where.values())):
        shown = run(program, "--lang", language, "explain", "--fail-on", "never", source).stdout
        for code, message in re.findall(r"^  ([a-z_]+)(?: 第 [\d:]+ 行:)? (.+)\n    .* → ", shown, re.M):
            if where.get(code) == source:
                said.setdefault(code, message)
    return said


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


HEADS = {
    "en": "# Findings\n\n[中文](findings.zh.md)\n\nWhat there is to say about a document is a *finding* with a fixed code. `error`: nothing was "
    "read, or not the whole document; `warning`: read, and something needs your judgement; `info`: nothing to do. The examples are what "
    "is said of documents of the corpus.\n",
    "zh": "# 发现一览\n\n[English](findings.md)\n\n程序对一份文件要说的话，都是一条*发现*，有固定的代码。`error`：没有读出，或没有读全；`warning`：已读，"
    "需要人来判断；`info`：不必处理。代码不会改名；说明在 JSON 和 CSV 中是英文，在 `explain`、网页和工作簿中可以是中文。例子取自语料库。\n",
}
WORDS = {"en": ("What to do", ": ", "Example", ": "), "zh": ("怎么办", "：", "例", "：")}


def findings(program, language):
    severity, known = severities(), examples(program, language)
    out = [HEADS[language]]
    to_do, after, example, colon = WORDS[language]
    for code, own in texts().items():
        meaning, todo = own[language], own["do_" + language]
        end = "" if meaning.endswith((".", "。")) else "." if language == "en" else "。"
        meaning = meaning[0].upper() + meaning[1:]
        out.append(f"\n## `{code}` · {severity[code]} {{ #{code} }}\n\n{meaning}{end}\n\n*{to_do}*{after}{todo}\n")
        if code in known:
            out.append(f"\n*{example}*{colon}{known[code]}\n")
    return "".join(out)


FORMS = {
    "en": "# Forms\n\n[中文](forms.zh.md)\n\nEvery form with its tables, as `nianbao forms --json` says them. Columns of `reports` are "
    "named `table__row__column`, with `__` for every dot of a row. What the form prints over several rows stands before their labels.\n",
    "zh": "# 格式一览\n\n[English](forms.md)\n\n程序能读的每种格式及其表格，内容与 `nianbao forms --json` 相同。`reports` 表的列名是 `表__行__列`，"
    "行名中的点也写成 `__`（如 `applications__refused__state_secret__total`）；`cells` 表的 `table`、`row`、`column` 三列就是这里的表、行、列。"
    "格式在几行之上印有总称的，写在这些行的名称之前。\n",
}
HEADS_OF_FORMS = {"en": ["row", "label", "in English", "column", "unit"], "zh": ["行", "名称", "", "列", "单位"]}
WITHIN = " › "


def titles(program, language):
    """What forms and their tables are called in this language."""
    said = run(program, "--lang", language, "forms").stdout.splitlines()
    of_forms = dict(line.split("  ", 1) for line in said if not line.startswith(" "))
    of_tables, form = {}, None
    for line in said:
        table = re.match(r"    (.*)（`(\w+)`）", line)
        if table:
            of_tables[form, table[2]] = table[1]
        elif not line.startswith(" "):
            form = line.split()[0]
    return of_forms, of_tables


def forms(program, language):
    known = json.loads(run(program, "forms", "--json").stdout)["forms"]
    of_forms, of_tables = titles(program, language)
    row, label, english, column, unit = HEADS_OF_FORMS[language]

    def line(key, label, in_english, *more):
        """A line of a table; the English words are on the English page only."""
        return "| " + " | ".join([key, label, *[in_english][: language == "en"], *more]) + " |\n"

    out = [FORMS[language]]
    for id, form in known.items():
        out.append(f"\n## {id}\n\n{of_forms[id]}\n")
        for table in form["tables"]:
            title = of_tables.get((id, table["key"]), "")
            out.append(f"\n### {id}: `{table['key']}` {title}".rstrip() + "\n\n")
            out.append(line(row, label, english) + line("---", "---", "---"))
            for one in table["rows"]:
                name = WITHIN.join(part for part in [one.get("group"), one.get("label")] if part)
                out.append(line(f"`{one['key']}`", cell(name), cell(one.get("en") or "")))
            out.append("\n" + line(column, label, english, unit) + line("---", "---", "---", "---"))
            for one in table["columns"]:
                words = [cell(one.get(key) or "") for key in ("label", "en", "unit")]
                out.append(line(f"`{one['key']}`", *words))
    return "".join(out)


def links():
    """Links of all pages that lead to no file."""
    wrong = []
    pages = [ROOT / "README.md", ROOT / "README.zh-CN.md", *SITE.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    pages += [ROOT / "SECURITY.md", ROOT / "CODE_OF_CONDUCT.md", ROOT / "grammars/README.md", ROOT / "python/README.md"]
    for page in pages:
        text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path = target.split("#")[0]
            if path and "://" not in path and not (page.parent / path).exists():
                wrong.append(f"{page.relative_to(ROOT)}: {target}")
    return wrong


def commands(page):
    """The commands of a page in their order, each a line of a `console` block that begins with `$ nianbao`."""
    for block in re.findall(r"(?s)```console\n(.*?)```", page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ nianbao "):
                yield line[2:].split("   #")[0].strip()


def examples_of(page, folder):
    """Runs the examples in Python and SQL of a page, where what they need is installed."""
    wrong, count = [], 0
    text = page.read_text(encoding="utf-8")
    for language, needs, arguments in [
        ("python", "pandas", ["-c", "{}"]),
        ("sql", "duckdb", ["-c", "import duckdb; print(duckdb.sql({!r}))"]),
    ]:
        if importlib.util.find_spec(needs) is None or importlib.util.find_spec("pyarrow") is None:
            continue
        for block in re.findall(rf"(?s)```{language}\n(.*?)```", text):
            count += 1
            command = [sys.executable, *(argument.format(block) if "{" in argument else argument for argument in arguments)]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode:
                wrong.append(f"{page.relative_to(ROOT)}: an example of {language}: {done.stderr.strip()[-300:]}")
    return count, wrong


def tried(program):
    """Runs the commands of all pages, each page in a folder of its own with documents in it; says what went wrong."""
    wrong, count = [], 0
    for page in [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted(SITE.glob("*.md"))]:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            names = ("reports", "年报")
            for name in names:
                (folder / name).mkdir()
                for own, case in SAMPLES.items():
                    (source,) = (ROOT / "corpus" / case).glob("source.*")
                    shutil.copy(source, folder / name / own)
                with zipfile.ZipFile(folder / f"{name}.zip", "w") as pack:
                    for own in SAMPLES:
                        pack.write(folder / name / own, own)
            (folder / "某县2022.pdf").write_bytes((ROOT / "corpus" / SAMPLES["dayu.html"] / "source.html").read_bytes())
            header = "sha256,cell,value,was,by,date,note\r\n"
            (folder / "corrections.csv").write_text(header, encoding="utf-8")
            os.symlink(Path(program).resolve(), folder / "nianbao")
            setup = [] if page.name.startswith(("README", "index")) else ["nianbao convert reports --out out --quiet --format jsonl,csv,parquet"]
            for command in [*setup, *commands(page)]:
                count += 1
                environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
                done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
                # these end with 1 where they find what they look for
                said = command.replace("--lang zh ", "")
                finds = said.startswith(("nianbao diff", "nianbao grammar test", "nianbao places"))
                if done.returncode not in ((0, 1) if finds else (0,)):
                    wrong.append(f"{page.relative_to(ROOT)}: `{command}` ended with {done.returncode}: {done.stderr.strip()[-300:]}")
            if page.parent == SITE:
                more, faults = examples_of(page, folder)
                count += more
                wrong += faults
    print(f"{count} commands and examples of the pages were run")
    return wrong


def main():
    program, check = sys.argv[1], "--check" in sys.argv
    made = {
        "../records.md": reference(),
        "findings.md": findings(program, "en"),
        "findings.zh.md": findings(program, "zh"),
        "forms.md": forms(program, "en"),
        "forms.zh.md": forms(program, "zh"),
    }
    wrong = []
    for name, text in made.items():
        if not check:
            (SITE / name).write_text(text, encoding="utf-8")
        elif (SITE / name).read_text(encoding="utf-8") != text:
            wrong.append(f"docs/site/{name} says another thing: make it again with docs/make.py")
    if check:
        wrong += links() + tried(str(Path(program).resolve()))
    print("\n".join(wrong) if wrong else "the pages are what the program does")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
