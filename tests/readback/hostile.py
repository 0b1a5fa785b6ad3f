"""Reports whose texts try to break what they are written to."""

import os
from pathlib import Path

TEXTS = {
    "formula": "=HYPERLINK(\"http://example.com\",\"点击\")",
    "plus": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(A1:A9)",
    "minus": "-2+3",
    "quote": "\"'`;DROP TABLE report;--",
    "script": "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>",
    "control": "一\x01二\x07三\x1b[31m四\x7f五&#9;六&#13;&#10;七",
    "surrogates": "&#xD800;甲&#xDFFF;乙&#55357;丙",
    "escapes": "_x0041_ _x000D_ \\n \\u0041",
    "direction": "\u202e反\u2066向\u200f",
    "beyond": "𠮷野家😀" * 20,
    "long": "长" * 350_000,  # a megabyte, and longer than a cell of Excel
    "long_beyond": "😀" * 40_000,
}


def page(text):
    """A report with the text as its issuer, in a cell of a table and in a paragraph."""
    return f"""<html><head><meta charset="utf-8"><title>x</title></head><body>
<p>{text[:40]}某县2022年政府信息公开工作年度报告</p>
<p>一、总体情况</p><p>{text}</p>
<p>二、主动公开政府信息情况</p>
<table><tr><td colspan="4">第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>{text}</td><td>0</td><td>12345678901234567</td></tr>
<tr><td>行政规范性文件</td><td>0.1234567890123456</td><td>3.5</td><td>2</td></tr>
<tr><td colspan="4">第二十条第（八）项</td></tr>
<tr><td>信息内容</td><td colspan="3">本年收费金额（单位：万元）</td></tr>
<tr><td>行政事业性收费</td><td colspan="3">61829.6555</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p></body></html>"""


def write(folder):
    """Writes them, some under names of the same kind."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (folder / f"{name}.html").write_bytes(page(text).encode("utf-8"))
    for name in ["=1+1.html", "'quoted\".html", "a,b;c.html", "line\nend.html", "空 格.html", "-.html"]:
        (folder / name).write_bytes(page("某").encode("utf-8"))
    broken = os.fsencode(folder) + b"/not-utf8-\xff\xfe.html"
    with open(broken, "wb") as file:
        file.write(page("某").encode("gb18030"))
    (folder / "mojibake.html").write_bytes(page("某").encode("utf-8").decode("gb18030", "replace").encode("utf-8"))
