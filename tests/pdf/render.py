"""Renders random reports to PDF by several producers, in the ways that PDFs of such reports are bad, and the truth beside them.

    python3 tests/pdf/render.py FOLDER [ROUNDS]

The reports are those of tests/formats/render.py. NAME.json beside NAME.pdf has table -> row -> column -> the printed number,
or null for a blank cell, the class of the file (`ruled`, `unruled`, `hard`, `unread`) and what should be found in it.
Needs ReportLab, WeasyPrint, Typst (from PyPI), pikepdf and a CJK font; LibreOffice and Chromium are used where they are.
Same seed, same reports.
"""

import html
import json
import os
import random
import shutil
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "formats"))
import render as formats  # noqa: E402
from render import Report, label  # noqa: E402

FONTS = "WenQuanYi Micro Hei, AR PL SungtiL GB, Noto Serif CJK SC, Noto Sans CJK SC"
PROSE = ("坚持以公开为常态、不公开为例外，进一步完善政府信息公开工作机制，规范政府信息公开的范围、程序和载体，"
         "不断提升政务公开的标准化水平，切实保障公众的知情权、参与权和监督权，全年各项工作平稳有序推进。")


def blocks(report):
    """The report's blocks with prose long enough to be wrapped."""
    for block in report.blocks():
        yield block
        if isinstance(block, str) and block.endswith("平稳推进。"):
            yield "（一）主动公开情况。" + PROSE * 2
            yield "（二）依申请公开情况。" + PROSE


# --- HTML, for WeasyPrint and Chromium -------------------------------------------------------------------------------

RULED = "table{border-collapse:collapse;width:100%} td{border:1px solid #000;padding:3px}"
STYLES = {
    # name: (class, css)
    "ruled": ("ruled", RULED),
    "double": ("ruled", RULED.replace("1px solid", "4px double")),
    "separate": ("ruled", "table{border-spacing:2px;width:100%;border:1px solid} td{border:1px solid}"),
    "dashed": ("ruled", RULED.replace("solid", "dashed")),
    "dotted": ("ruled", RULED.replace("1px solid", "1.5px dotted")),
    "inner": ("ruled", "table{border-collapse:collapse;width:100%;border-style:hidden} td{border:1px solid;padding:3px}"),
    "center": ("ruled", RULED + "td{text-align:center}"),
    "right": ("ruled", RULED + "td{text-align:right}"),
    "spaced": ("ruled", RULED + "body{letter-spacing:0.25em} table{font-size:8pt}"),
    "landscape": ("ruled", RULED + "@page{size:A4 landscape}"),
    "shaded": ("ruled", "table{border-collapse:separate;border-spacing:1px;width:100%} td{background:#dde;padding:3px}"),
    "short": ("ruled", RULED + "@page{size:A4;margin-bottom:16cm} tr{break-inside:auto}"),
    "columns": ("ruled", RULED + "body{columns:2} table{font-size:6pt;break-inside:auto} td{padding:1px}"),
    "rows": ("unruled", "table{border-collapse:collapse;width:100%} td{border-bottom:1px solid;padding:3px}"),
    "rows_center": ("unruled", "table{border-collapse:collapse;width:100%} td{border-bottom:1px solid;padding:3px;text-align:center}"),
    "three": ("unruled", "table{border-collapse:collapse;width:100%;border-top:2px solid;border-bottom:2px solid} td{padding:4px}"),
    "three_center": ("unruled", "table{border-collapse:collapse;width:100%;border-top:2px solid;border-bottom:2px solid} td{padding:4px;text-align:center}"),
    "bare": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:center}"),
    "bare_right": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:right} td.l{text-align:left}"),
    "bare_left": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:left}"),
    "bare_short": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:center} @page{margin-bottom:14cm}"),
    "bare_top": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:center;vertical-align:top}"),
    "bare_tight": ("hard", "table{width:100%;border-spacing:0} td{padding:0 2px;text-align:center;line-height:1.25}"),
    "columns_only": ("unruled", "table{border-collapse:collapse;width:100%} td{border-left:1px solid;border-right:1px solid;padding:4px 3px;text-align:center}"),
    "heads": ("ruled", RULED + "@page{size:A4;margin-bottom:14cm} tr{break-inside:auto}"),
    "heads_bare": ("unruled", "table{width:100%} td{padding:4px 3px;text-align:center} @page{margin-bottom:14cm}"),
    "narrow": ("hard", RULED + "td.n{width:8px;word-break:break-all;font-size:11pt;padding:0} table{table-layout:fixed}"),
}


HEADS = 3


def has_heads(name, block):
    """Whether the table's header is repeated on each page: that of the applications, which is the longest."""
    return name.startswith("heads") and block.width == 10


def page_html(report, css, name="", extra=""):
    year = report.year
    out = [f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><style>body{{font-family:{FONTS};font-size:10.5pt}} '
           f'@page{{size:A4;margin:2cm;@top-center{{content:"{report.issuer}{year}年度报告"}}'
           f'@bottom-center{{content:"— " counter(page) " —"}}}} {css}{extra}</style></head><body>']
    for block in blocks(report):
        if isinstance(block, str):
            out.append(f"<p>{html.escape(block)}</p>")
            continue
        out.append("<table>")
        for row in range(block.rows):
            out.append("<thead><tr>" if has_heads(name, block) and row == 0 else "<tr>")
            for cell in (c for c in block.cells if c[0] == row):
                spans = f' rowspan="{cell[2]}"' * (cell[2] > 1) + f' colspan="{cell[3]}"' * (cell[3] > 1)
                text = label(cell)
                kind = "l" if text and not is_number(text) else "n"
                kind += " g" * (cell[2] > 2 and cell[1] < 2 and row > 2)
                out.append(f'<td class="{kind}"{spans}>{html.escape(text).replace(chr(10), "<br>") or "&nbsp;"}</td>')
            out.append("</tr></thead>" if has_heads(name, block) and row == HEADS - 1 else "</tr>")
        out.append("</table>")
    return "\n".join(out) + "</body></html>"


def is_number(text):
    return text.lstrip("+-").removesuffix("元").replace(".", "").isdigit()


def by_weasyprint(text, path):
    import weasyprint
    weasyprint.HTML(string=text).write_pdf(path)


def by_chromium(pages):
    """All pages in one browser; `pages` are (html, path)."""
    for text, path in pages:
        source = path.with_suffix(".html")
        source.write_text(text, encoding="utf-8")
        subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={path.parent}/profile-chromium",
                        "--no-pdf-header-footer", f"--print-to-pdf={path}", source.as_uri()], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        source.unlink()


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# --- Typst -----------------------------------------------------------------------------------------------------------

TYPST = {
    "ruled": ("ruled", "stroke: 0.5pt", ""),
    "center": ("ruled", "stroke: 0.5pt, align: center + horizon", ""),
    "thin": ("ruled", "stroke: 0.05pt", ""),
    "dash": ("ruled", "stroke: (dash: \"dashed\", thickness: 0.6pt)", ""),
    "rotated": ("ruled", "stroke: 0.5pt", "flipped"),
    "narrowpage": ("ruled", "stroke: 0.5pt", "small"),
    "rows": ("unruled", "stroke: (x: none, y: 0.5pt), align: center + horizon", ""),
    "bare": ("unruled", "stroke: none, align: center + horizon", ""),
    "bare_top": ("unruled", "stroke: none", ""),
    "bare_bottom": ("unruled", "stroke: none, align: center + bottom", ""),
    "zebra": ("unruled", "stroke: none, fill: (_, y) => if calc.odd(y) { luma(230) }, align: center + horizon", ""),
    "twocolumns": ("ruled", "stroke: 0.5pt", "columns"),
    "heads": ("ruled", "stroke: 0.5pt", "heads"),
    "heads_bare": ("unruled", "stroke: none, align: center + horizon", "heads"),
}


def typst_text(text):
    return "".join("\\" + c if c in "\\#*_`$<>@[]-+=/~\"'." else c for c in text).replace("\n", " \\ ")


def by_typst(report, arguments, layout, path):
    import typst
    size = {"small": "width: 15cm, height: 11cm, margin: 1cm", "heads": "width: 21cm, height: 15cm, margin: 2cm", "flipped": 'paper: "a4", flipped: true, margin: 2cm'}
    fonts = ", ".join(f'"{f.strip()}"' for f in FONTS.split(","))
    out = [f'#set page({size.get(layout, chr(34).join(["paper: ", "a4", ", margin: 2cm"]))}, numbering: "— 1 —", '
           f"header: align(center)[{typst_text(report.issuer)}])",
           f'#set text(font: ({fonts}), size: {"7pt" if layout == "small" else "10pt"}, lang: "zh")', "#set par(justify: true)"]
    if layout == "columns":
        out.append("#set columns(gutter: 1cm)")
    open_columns = False
    for block in blocks(report):
        if isinstance(block, str):
            if layout == "columns" and len(block) > 60:
                out.append(f"#columns(2)[{typst_text(block * 2)}]")
            else:
                out.append(typst_text(block) + "\n")
            continue
        columns = ", ".join(["auto" if block.width > 10 else ("1.6fr" if at < 3 else "1fr") for at in range(block.width)])
        cells = []
        for row, col, rows, cols, _, _ in block.cells:
            cell = next(c for c in block.cells if c[:2] == [row, col])
            cells.append(f"table.cell(x: {col}, y: {row}, rowspan: {rows}, colspan: {cols})[{typst_text(label(cell))}]")
        if has_heads(layout, block):
            count = sum(cell[0] < HEADS for cell in block.cells)
            cells = [f"table.header({', '.join(cells[:count])})", *cells[count:]]
        out.append(f"#table(columns: ({columns}), inset: 4pt, {arguments}, {', '.join(cells)})")
    source = path.with_suffix(".typ")
    source.write_text("\n".join(out), encoding="utf-8")
    typst.compile(str(source), output=str(path))
    source.unlink()


# --- ReportLab -------------------------------------------------------------------------------------------------------

REPORTLAB = {
    "grid": ("ruled", [("GRID", (0, 0), (-1, -1), 0.5, "black")]),
    "box_only": ("unruled", [("BOX", (0, 0), (-1, -1), 1, "black")]),
    "inner_only": ("ruled", [("INNERGRID", (0, 0), (-1, -1), 0.25, "black")]),
    "lines_below": ("unruled", [("LINEBELOW", (0, 0), (-1, -1), 0.25, "black")]),
    "none": ("unruled", []),
    "heads": ("ruled", [("GRID", (0, 0), (-1, -1), 0.5, "black")]),
    "heads_bare": ("unruled", []),
}


def by_reportlab(report, style, path, embedded=False, kind=""):
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
    name = "STSong-Light"
    if embedded:
        name = "Own"
        pdfmetrics.registerFont(TTFont(name, font_file(), subfontIndex=0))
    else:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    body = ParagraphStyle("body", fontName=name, fontSize=10.5, leading=16, wordWrap="CJK", firstLineIndent=21)
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=9.5, firstLineIndent=0)
    story = []
    for block in blocks(report):
        if isinstance(block, str):
            story.append(Paragraph(html.escape(block), body))
            continue
        data = [[""] * block.width for _ in range(block.rows)]
        spans = []
        for cell in block.cells:
            row, col, rows, cols = cell[:4]
            text = label(cell)
            data[row][col] = text if is_number(text) or not text else Paragraph(html.escape(text).replace("\n", "<br/>"), small)
            if (rows, cols) != (1, 1):
                spans.append(("SPAN", (col, row), (col + cols - 1, row + rows - 1)))
        width = A4[0] - 80
        weights = [2 if block.width == 10 and at < 3 else 1 for at in range(block.width)]
        table = Table(data, colWidths=[width * w / sum(weights) for w in weights], repeatRows=HEADS * has_heads(kind, block),
                      style=spans + style + [("FONT", (0, 0), (-1, -1), name, 8), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                                             ("ALIGN", (0, 0), (-1, -1), "CENTER"), ("LEFTPADDING", (0, 0), (-1, -1), 2),
                                             ("RIGHTPADDING", (0, 0), (-1, -1), 2)])
        story += [table, Spacer(1, 6)]

    def furniture(canvas, document):
        canvas.setFont(name, 9)
        canvas.drawCentredString(A4[0] / 2, 20, f"第 {document.page} 页")
        canvas.drawString(40, A4[1] - 25, report.issuer + "年度报告")

    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=40, rightMargin=40, topMargin=40, bottomMargin=40).build(
        story, onFirstPage=furniture, onLaterPages=furniture)


def font_file():
    listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True).stdout.split("\n")
    files = sorted(line.strip().rstrip(":").strip() for line in listed if line.strip())
    # reportlab reads no PostScript outlines, which Noto CJK has
    return next(f for f in files if f.endswith((".ttf", ".ttc")) and "CJK" not in f)


# --- drawn by hand: what no producer is asked to do ----------------------------------------------------------------------

class Drawn:
    """A PDF with one CJK font that is not embedded, written by hand."""

    SIZES = {"a4": (595, 842)}

    def __init__(self, cmap="UniGB-UCS2-H", encoding="utf-16-be"):
        self.cmap, self.encoding, self.pages, self.ops, self.mode = cmap, encoding, [], [], 0
        self.width, self.height = 595, 842

    def text(self, x, y, text, size=9, spacing=0, mode=None):
        data = text.encode(self.encoding, "replace").hex()
        mode = self.mode if mode is None else mode
        self.ops.append(f"BT /F1 {size} Tf {mode} Tr {spacing} Tc 1 0 0 1 {x:.2f} {self.height - y:.2f} Tm <{data}> Tj ET")

    def line(self, x0, y0, x1, y1):
        self.ops.append(f"0.5 w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def end_page(self):
        self.pages.append("\n".join(self.ops))
        self.ops = []

    def save(self, path, picture=False, before=""):
        if self.ops:
            self.end_page()
        vertical = self.cmap.endswith("-V")
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", None,
                   f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{self.cmap}/DescendantFonts[4 0 R]>>".encode(),
                   b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
                   b"/DW 1000/W[1 95 500 814 939 500]/FontDescriptor 5 0 R>>",
                   b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"]
        kids = []
        for content in self.pages:
            data = zlib.compress((before + content).encode("latin-1"))
            objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(data), data))
            image = b""
            if picture:
                pixels = zlib.compress(bytes(60 * 85))
                objects.append(b"<</Type/XObject/Subtype/Image/Width 60/Height 85/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d"
                               b"/Filter/FlateDecode>>stream\n%s\nendstream" % (len(pixels), pixels))
                image = b"/XObject<</Im %d 0 R>>" % len(objects)
            objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F1 3 0 R>>%s>>/Contents %d 0 R>>"
                           % (self.width, self.height, image, len(objects) - bool(picture)))
            kids.append(b"%d 0 R" % len(objects))
        objects[1] = b"<</Type/Pages/Kids[" + b" ".join(kids) + b"]/Count %d>>" % len(kids)
        out, places = b"%PDF-1.5\n", []
        for at, body in enumerate(objects):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (at + 1, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
        path.write_bytes(out)


def wrap(text, size, width):
    """Lines of a text that is so wide, an ideograph as wide as high."""
    lines, room = [""], width
    for c in text:
        own = size if ord(c) > 0x2000 else size / 2
        if c == "\n" or room < own:
            lines.append("")
            room = width
        if c != "\n":
            lines[-1] += c
            room -= own
    return lines


def width_of(text, size, spacing=0):
    return sum((size if ord(c) > 0x2000 else size / 2) + spacing for c in text)


def draw(report, pdf, ruled=True, size=8, spacing=0, bold=None, align="center", valign="middle", bottom=790, gap=3, replace=str,
         x0=50, x1=545, vertical_labels=False, wrap_numbers=False, lines=("outer", "rows", "columns")):
    """The report, laid out by hand; a row that does not fit is cut by the page's end."""
    y = 60

    def show(x, y, text, own=size):
        pdf.text(x, y, replace(text), own, spacing)
        if bold == "overprint":
            pdf.text(x + 0.3, y, replace(text), own, spacing)

    def new_page():
        nonlocal y
        show(x0 + 180, 30, report.issuer)
        show(x0 + 200, 825, f"- {len(pdf.pages) + 1} -")
        pdf.end_page()
        y = 60

    for block in blocks(report):
        if isinstance(block, str):
            for at, line in enumerate(wrap("　　" + block, size + 2, x1 - x0)):
                if y > bottom:
                    new_page()
                show(x0, y, line, size + 2)
                y += size + 8
            continue
        weights = [1.5 if block.width == 10 and at < 3 else 1 for at in range(block.width)]
        widths = [(x1 - x0) * w / sum(weights) for w in weights]
        edges = [x0 + sum(widths[:at]) for at in range(block.width + 1)]
        pitch = size + 2
        heights = [0.0] * block.rows
        texts = {}
        for cell in block.cells:
            row, col, rows, cols = cell[:4]
            text = label(cell)
            if vertical_labels and rows > 3 and col < 2:
                texts[row, col] = list(text)
            elif is_number(text) and not wrap_numbers:
                texts[row, col] = [text]
            else:
                texts[row, col] = wrap(text, size + spacing, edges[col + cols] - edges[col] - 4)
            need = len(texts[row, col]) * pitch + 2 * gap
            have = sum(heights[row:row + rows])
            if have < need:
                for at in range(row, row + rows):
                    heights[at] += (need - have) / rows
        y += 4
        row = 0
        while row < block.rows:
            # rows that fit on this page; the labels of cells that go on are on the page where they begin
            last = row
            height = 0
            while last < block.rows and (y + height + heights[last] <= bottom or last == row and y <= 70):
                height += heights[last]
                last += 1
            if last == row:
                new_page()
                continue
            tops = [y + sum(heights[row:at]) for at in range(row, last + 1)]
            for cell in block.cells:
                first, end = max(cell[0], row), min(cell[0] + cell[2], last)
                if first >= end:
                    continue
                left, right, top, low = edges[cell[1]], edges[cell[1] + cell[3]], tops[first - row], tops[end - row]
                if ruled:
                    outer = "outer" in lines
                    if "rows" in lines or (first == row and outer):
                        if first > row or outer:
                            pdf.line(left, top, right, top)
                    if end == last and outer:
                        pdf.line(left, low, right, low)
                    if "columns" in lines:
                        if cell[1] > 0 or outer:
                            pdf.line(left, top, left, low)
                    if cell[1] + cell[3] == block.width and outer:
                        pdf.line(right, top, right, low)
                    if cell[1] == 0 and outer:
                        pdf.line(left, top, left, low)
                if cell[0] < row:
                    continue
                printed = texts[cell[0], cell[1]]
                room = low - top - len(printed) * pitch
                begin = top + {"middle": room / 2, "top": gap, "bottom": room - gap}[valign]
                for at, line in enumerate(printed):
                    wide = width_of(line, size, spacing)
                    number = is_number(label(cell))
                    x = {"center": (left + right - wide) / 2, "left": left + 2, "right": right - wide - 2}[align if number else
                        ("center" if align == "center" else "left")]
                    show(x, begin + at * pitch + size, line)
            y = tops[-1]
            row = last
            if row < block.rows:
                new_page()
        y += 14
    show(x0 + 200, 825, f"- {len(pdf.pages) + 1} -")


DRAWN = {
    # name: (class, cmap, encoding, arguments of `draw`)
    "plain": ("ruled", "UniGB-UCS2-H", "utf-16-be", {}),
    "gbk": ("ruled", "GBK-EUC-H", "gbk", {}),
    "utf16": ("ruled", "UniGB-UTF16-H", "utf-16-be", {"align": "right"}),
    "letters": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"spacing": 2.2, "size": 6}),
    "overprint": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"bold": "overprint"}),
    "vertical": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"vertical_labels": True}),
    "cut": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"bottom": 300}),
    "no_outer": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"lines": ("rows", "columns")}),
    "no_rows": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"lines": ("outer", "columns"), "gap": 4}),
    "no_columns": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"lines": ("outer", "rows")}),
    "frame": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"lines": ("outer",), "gap": 4}),
    "bare": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"ruled": False, "gap": 4}),
    "bare_right": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"ruled": False, "gap": 4, "align": "right"}),
    "bare_left": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"ruled": False, "gap": 4, "align": "left"}),
    "bare_top": ("unruled", "UniGB-UCS2-H", "utf-16-be", {"ruled": False, "gap": 4, "valign": "top"}),
    "bare_cut": ("unruled", "GBK-EUC-H", "gbk", {"ruled": False, "gap": 4, "bottom": 320}),
    "bare_tight": ("hard", "UniGB-UCS2-H", "utf-16-be", {"ruled": False, "gap": 0}),
    "radicals": ("ruled", "UniGB-UCS2-H", "utf-16-be", {"replace": lambda t: t.translate(RADICALS)}),
    "wrapped_numbers": ("hard", "UniGB-UCS2-H", "utf-16-be", {"wrap_numbers": True, "size": 15}),
}
RADICALS = str.maketrans({"一": "⼀", "二": "⼆", "行": "⾏", "大": "⼤", "人": "⼈", "民": "⺠", "见": "⻅", "方": "⽅", "工": "⼯",
                          "小": "⼩", "不": "不", "生": "⽣", "用": "⽤", "文": "⽂", "日": "⽇", "月": "⽉", "自": "⾃", "长": "⻓"})


# --- all together ----------------------------------------------------------------------------------------------------

class Folder:
    def __init__(self, folder):
        self.folder, self.at, self.later, self.chromium = folder, 0, [], []

    def next(self):
        self.at += 1
        return Report(self.at, random.Random(int(os.environ.get("SEED", 5000)) + self.at))

    def path(self, name, report, kind, codes=(), **more):
        truth = {"form": report.form, "year": report.year, "title": report.title, "issuer": report.issuer, "kind": kind,
                 "codes": list(codes), "prose": PROSE, "tables": report.truth, **more}
        path = self.folder / f"{name}.pdf"
        path.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def changed(out, name, source, report, kind, change, codes=(), **save):
    import pikepdf
    path = out.path(name, report, kind, codes)
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(path, **save)


def without_unicode(pdf):
    for thing in pdf.objects:
        if hasattr(thing, "keys") and "/ToUnicode" in thing.keys():
            del thing["/ToUnicode"]


def turned(angle, drawn):
    """Pages rotated: only as shown, or drawn turned so that they are shown upright."""
    def change(pdf):
        import pikepdf
        for page in pdf.pages:
            page["/Rotate"] = angle
            if drawn:
                width, height = float(page.mediabox[2]), float(page.mediabox[3])
                matrix = {90: f"0 1 -1 0 {height} 0", 270: f"0 -1 1 0 0 {width}", 180: f"-1 0 0 -1 {width} {height}"}[angle]
                page.contents_add(f"q {matrix} cm\n".encode(), prepend=True)
                page.contents_add(b"\nQ")
                if angle != 180:
                    page["/MediaBox"] = pikepdf.Array([0, 0, height, width])
    return change


def main():
    folder = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    out = Folder(folder.resolve())
    tasks, documents = [], []
    for turn in range(rounds):
        for name, (kind, cmap, encoding, arguments) in DRAWN.items():
            report, pdf = out.next(), Drawn(cmap, encoding)
            draw(report, pdf, **arguments)
            pdf.save(out.path(f"drawn-{name}-{turn}", report, kind))
        for name, (kind, style) in REPORTLAB.items():
            for embedded in [False, True]:
                report = out.next()
                path = out.path(f"reportlab-{name}{'-own' * embedded}-{turn}", report, kind)
                by_reportlab(report, style, path, embedded, name)
        for name, (kind, arguments, layout) in TYPST.items():
            report = out.next()
            by_typst(report, arguments, layout, out.path(f"typst-{name}-{turn}", report, kind))
        for name, (kind, css) in STYLES.items():
            report = out.next()
            by_weasyprint(page_html(report, css, name), out.path(f"weasyprint-{name}-{turn}", report, kind))
            if CHROMIUM:
                report = out.next()
                path = out.path(f"chromium-{name}-{turn}", report, kind)
                extra = "td.g{writing-mode:vertical-rl}" if name == "center" else ""
                out.chromium.append((page_html(report, css, name, extra), path))
        special(out, turn)
        if shutil.which("soffice"):
            for at in range(4):
                report = out.next()
                path = out.path(f"libreoffice-docx{at}-{turn}", report, "ruled")
                formats.write_docx(report, path.with_suffix(".docx"))
                documents.append(path.with_suffix(".docx"))
            for name in ["ruled", "bare", "rows"]:
                report = out.next()
                path = out.path(f"libreoffice-{name}-{turn}", report, STYLES[name][0])
                # its borders are those of the attribute
                text = page_html(report, STYLES[name][1])
                text = text.replace("<table>", '<table border="1" cellspacing="0">') if name == "ruled" else text
                path.with_suffix(".html").write_text(text, encoding="utf-8")
                documents.append(path.with_suffix(".html"))
    by_chromium(out.chromium)
    shutil.rmtree(folder / "profile-chromium", ignore_errors=True)
    by_libreoffice(folder.resolve(), documents)


def by_libreoffice(folder, documents):
    for kind in [".docx", ".html"]:
        own = [path for path in documents if path.suffix == kind]
        if own:
            what = "pdf:writer_pdf_Export" if kind == ".docx" else "pdf:writer_web_pdf_Export"
            subprocess.run(["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", what,
                            "--outdir", str(folder), *map(str, own)], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=600)
            for path in own:
                path.unlink()
    shutil.rmtree(folder / "profile", ignore_errors=True)


def special(out, turn):
    """What is done to whole files."""
    import pikepdf
    work = out.folder / "work.pdf"

    def fresh(**arguments):
        report, pdf = out.next(), Drawn()
        draw(report, pdf, **arguments)
        pdf.save(work)
        return report

    for angle in [90, 180, 270]:
        report = fresh()
        changed(out, f"turned-{angle}-{turn}", work, report, "ruled", turned(angle, True))
        report = fresh()
        changed(out, f"sideways-{angle}-{turn}", work, report, "ruled", turned(angle, False))
        report = fresh(ruled=False, gap=4)
        changed(out, f"turned-bare-{angle}-{turn}", work, report, "unruled", turned(angle, True))
    report = fresh()
    changed(out, f"encrypted-empty-{turn}", work, report, "ruled", lambda pdf: None,
            encryption=pikepdf.Encryption(user="", owner="owner", R=6))
    report = fresh()
    changed(out, f"encrypted-empty-rc4-{turn}", work, report, "ruled", lambda pdf: None,
            encryption=pikepdf.Encryption(user="", owner="owner", R=3, aes=False, metadata=False))
    report = fresh()
    changed(out, f"encrypted-{turn}", work, report, "unread", lambda pdf: None, ["encrypted"],
            encryption=pikepdf.Encryption(user="x", owner="owner", R=6))
    report = fresh()
    second = out.next()
    pdf = Drawn()
    draw(second, pdf)
    other = out.folder / "other.pdf"
    pdf.save(other)
    changed(out, f"two-reports-{turn}", work, report, "ruled", lambda pdf: pdf.pages.extend(pikepdf.open(other).pages), ["second_report"])
    report = out.next()
    by_weasyprint(page_html(report, STYLES["ruled"][1]), work)
    changed(out, f"no-unicode-weasyprint-{turn}", work, report, "unmapped", without_unicode, ["text_not_mapped"])
    report = out.next()
    by_reportlab(report, REPORTLAB["grid"][1], work, embedded=True)
    changed(out, f"no-unicode-reportlab-{turn}", work, report, "unmapped", without_unicode, ["text_not_mapped"])
    other.unlink()
    work.unlink()
    picture = "q 595 0 0 842 0 0 cm /Im Do Q\n"
    report, pdf = out.next(), Drawn()
    draw(report, pdf)
    pdf.pages = [""] * len(pdf.pages)
    pdf.ops = ["n"]
    pdf.save(out.path(f"scan-{turn}", report, "unread", ["no_text_layer"]), picture=True, before=picture)
    report, pdf = out.next(), Drawn()
    pdf.mode = 3
    draw(report, pdf, ruled=False, gap=4)
    pdf.save(out.path(f"recognised-{turn}", report, "hard", ["recognised_text"]), picture=True, before=picture)
    # a page of two reports beside each other: nothing may come from the other
    left, right, pdf = out.next(), out.next(), Drawn()
    pdf.width = 1190
    draw(left, pdf)
    sheets = pdf.pages + ["\n".join(pdf.ops)]
    pdf.pages, pdf.ops = [], []
    draw(right, pdf, x0=645, x1=1140)
    others = pdf.pages + ["\n".join(pdf.ops)]
    most = max(len(sheets), len(others))
    pad = lambda pages: pages + [""] * (most - len(pages))
    pdf.pages, pdf.ops = [a + "\n" + b for a, b in zip(pad(sheets), pad(others))], []
    pdf.save(out.path(f"beside-{turn}", left, "hard", other=right.truth))


if __name__ == "__main__":
    main()
