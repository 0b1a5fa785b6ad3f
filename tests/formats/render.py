"""Renders random reports to every format that is read, with other people's tools, and the truth beside them.

    python3 tests/formats/render.py FOLDER [REPORTS]

Needs python-docx, openpyxl and LibreOffice (`soffice`). The files of report NN are FOLDER/NN.docx and so on; NN.json has
table -> row -> column -> the printed number, or null for a blank cell, and for each table its cells as
[row, col, rows, cols, text]. Same seed, same reports.
"""

import html
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

COLUMNS = ["natural_person", "business", "research", "public_interest", "legal_service", "other_org", "total"]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
REVIEWS = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"]

# the printed parts of a row of table 3: key, group label, how many rows the group has, own label with its number
GROUPS = [
    (None, [("granted", "（一）予以公开")]),
    (None, [("partly_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")]),
    ("（三）不予公开", [
        ("refused.state_secret", "属于国家秘密"), ("refused.prohibited_by_law", "其他法律行政法规禁止公开"),
        ("refused.safety_stability", "危及“三安全一稳定”"), ("refused.third_party_rights", "保护第三方合法权益"),
        ("refused.internal_affairs", "属于三类内部事务信息"), ("refused.process_information", "属于四类过程性信息"),
        ("refused.enforcement_file", "属于行政执法案卷"), ("refused.administrative_query", "属于行政查询事项")]),
    ("（四）无法提供", [
        ("unavailable.not_held", "本机关不掌握相关政府信息"), ("unavailable.needs_creation", "没有现成信息需要另行制作"),
        ("unavailable.unclear_after_correction", "补正后申请内容仍不明确")]),
    ("（五）不予处理", [
        ("not_processed.petition", "信访举报投诉类申请"), ("not_processed.repeat", "重复申请"),
        ("not_processed.publication", "要求提供公开出版物"), ("not_processed.excessive", "无正当理由大量反复申请"),
        ("not_processed.confirmation", "要求行政机关确认或重新出具已获取信息")]),
]
OTHER_2019 = (None, [("other", "（六）其他处理")])
OTHER_2021 = ("（六）其他处理", [
    ("other.not_corrected", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other.fee_unpaid", "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"), ("other.rest", "其他")])


class Table:
    """Cells as [row, col, rows, cols, text, number of the list label or None]."""

    def __init__(self, width):
        self.width, self.rows, self.cells = width, 0, []

    def row(self, *cells):
        """A row of (text, rows, cols) or texts; None is a column that a cell above covers."""
        col = 0
        for cell in cells:
            if cell is None:
                col += 1
                continue
            if isinstance(cell, str):
                cell = (cell, 1, 1)
            text, rows, cols, *number = cell
            self.cells.append([self.rows, col, rows, cols, text, number[0] if number else None])
            col += cols
        self.rows += 1


class Report:
    def __init__(self, at, rng):
        self.rng = rng
        self.form = ["disclosure-2019", "disclosure-2021"][at % 2]
        self.year = 2020 + at % 2 + rng.randrange(3)
        self.blank = rng.choice([0, 0, 0.3, 0.9])  # share of the zeros that are left blank
        self.auto = at % 3 == 0  # labels numbered by the word processor
        self.split = at % 5 == 0  # header words over two lines
        self.yuan = "元" if at % 4 == 1 else ""
        name = rng.choice("清云平临石永新东白龙") + rng.choice("溪河原川阳山湖泉桥沙")
        self.issuer = name + rng.choice(["县", "镇", "乡", "县财政局", "县教育局"])
        if self.issuer.endswith(("县", "镇", "乡")):
            self.issuer += "人民政府"
        self.title = f"{self.issuer}{self.year}年政府信息公开工作年度报告"
        self.truth = {}
        self.figures()
        self.proactive()
        self.applications()
        self.reviews()

    def figures(self):
        """Applications that add up: parts of rows, rows of columns, carried over."""
        rng, rows = self.rng, {}
        other = OTHER_2019 if self.form.endswith("2019") else OTHER_2021
        self.groups = GROUPS + [other]
        keys = [key for _, rows_ in self.groups for key, _ in rows_]
        scale = rng.choice([1, 5, 60, 900])
        for key in keys:
            rows[key] = [rng.randrange(scale) if rng.random() < 0.4 else 0 for _ in range(6)]
        total = [sum(rows[key][c] for key in keys) for c in range(6)]
        out = [rng.randrange(3) if rng.random() < 0.5 else 0 for _ in range(6)]
        carried_in = [rng.randrange(min(t + o, 9) + 1) for t, o in zip(total, out)]
        rows["carried_in"] = carried_in
        rows["received"] = [t + o - i for t, o, i in zip(total, out, carried_in)]
        rows["outcome_total"], rows["carried_out"] = total, out
        self.applied = {key: numbers + [sum(numbers)] for key, numbers in rows.items()}

    def shown(self, table, row, column, value):
        """A value as it is printed: zeros may be left blank."""
        blank = value == 0 and self.rng.random() < self.blank
        self.truth.setdefault(table, {}).setdefault(row, {})[column] = None if blank else value
        return "" if blank else str(value)

    def amount(self):
        return self.rng.choice([0, 0.37, 12, round(self.rng.random() * 90000, 4), 2059.209, round(self.rng.random() * 50, 2)])

    def proactive(self):
        rng, shown = self.rng, lambda *cell: self.shown("proactive", *cell)
        count = lambda: rng.choice([0, 0, rng.randrange(9), rng.randrange(3000)])
        table = self.table2 = Table(4)
        if self.form.endswith("2021"):
            table.row(("第二十条第（一）项", 1, 4))
            table.row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
            for key, label in [("regulations", "规章"), ("normative_documents", "行政规范性文件")]:
                table.row(label, *[shown(key, c, 0 if key == "regulations" else count()) for c in ["issued", "repealed", "in_force"]])
            for item, rows in [("五", [("licences", "行政许可")]), ("六", [("penalties", "行政处罚"), ("coercive_measures", "行政强制")])]:
                table.row((f"第二十条第（{item}）项", 1, 4))
                table.row("信息内容", ("本年处理决定数量", 1, 3))
                for key, label in rows:
                    table.row(label, (shown(key, "decisions", count()), 1, 3))
            table.row(("第二十条第（八）项", 1, 4))
            table.row("信息内容", ("本年收费金额（单位：万元）", 1, 3))
            table.row("行政事业性收费", (shown("fees", "amount", self.amount()), 1, 3))
            return
        broken = "本年新\n" if self.split else "本年新"
        table.row(("第二十条第（一）项", 1, 4))
        table.row("信息内容", broken + "制作数量", broken + "公开数量", "对外公开总数量")
        for key, label in [("regulations", "规章"), ("normative_documents", "规范性文件")]:
            table.row(label, *[shown(key, c, 0 if key == "regulations" else count()) for c in ["produced", "published", "public_total"]])
        change = lambda: rng.choice([0, rng.randrange(20), -rng.randrange(1, 20)])
        for item, rows in [("五", [("licences", "行政许可"), ("other_services", "其他对外管理服务事项")]),
                           ("六", [("penalties", "行政处罚"), ("coercive_measures", "行政强制")])]:
            table.row((f"第二十条第（{item}）项", 1, 4))
            table.row("信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
            for key, label in rows:
                table.row(label, shown(key, "items_last_year", count()), shown(key, "change", change()), shown(key, "decisions", count()))
        table.row(("第二十条第（八）项", 1, 4))
        table.row("信息内容", "上一年项目数量", ("本年增/减", 1, 2))
        table.row("行政事业性收费", shown("fees", "items_last_year", count()), (shown("fees", "change", change()), 1, 2))
        table.row(("第二十条第（九）项", 1, 4))
        table.row("信息内容", "采购项目数量", ("采购总金额", 1, 2))
        amount = self.amount()
        text = shown("procurement", "amount", amount)
        if text and self.yuan:
            # printed in 元, recorded in 万元
            text = f"{round(amount * 10000)}元"
        table.row("政府集中采购", shown("procurement", "items", count()), (text, 1, 2))

    def applications(self):
        table = self.table3 = Table(10)
        note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        table.row((note, 3, 3), ("申请人情况", 1, 7))
        table.row(None, None, None, ("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1))
        names = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
        if self.split:
            names[:2] = ["商业\n企业", "科研\n机构"]
        table.row(None, None, None, None, *names, None)
        numbers = lambda key: [self.shown("applications", key, c, v) for c, v in zip(COLUMNS, self.applied[key])]
        table.row(("一、本年新收政府信息公开申请数量", 1, 3), *numbers("received"))
        table.row(("二、上年结转政府信息公开申请数量", 1, 3), *numbers("carried_in"))
        count = sum(len(rows) for _, rows in self.groups) + 1
        first = ("三、本年度办理结果", count, 1)
        for group, rows in self.groups:
            for at, (key, label) in enumerate(rows):
                if group is None:
                    table.row(first, (label, 1, 2), *numbers(key))
                else:
                    label = (label, 1, 1, at + 1)
                    table.row(first, (group, len(rows), 1) if at == 0 else None, label, *numbers(key))
                first = None
        table.row(None, ("（七）总计", 1, 2), *numbers("outcome_total"))
        table.row(("四、结转下年度继续办理", 1, 3), *numbers("carried_out"))

    def reviews(self):
        table = self.table4 = Table(15)
        results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
        table.row(("行政复议", 1, 5), ("行政诉讼", 1, 10))
        table.row(*[(r, 2, 1) for r in results], ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5))
        table.row(*[None] * 5, *results, *results)
        cells = []
        for row in REVIEWS:
            numbers = [self.rng.randrange(12) if self.rng.random() < 0.4 else 0 for _ in range(4)]
            cells += [self.shown("review_litigation", row, c, v) for c, v in zip(RESULTS, numbers + [sum(numbers)])]
        table.row(*cells)

    def blocks(self):
        yield self.title
        yield f"根据《中华人民共和国政府信息公开条例》，编制{self.year}年度报告。"
        yield "一、总体情况"
        yield f"{self.year}年，政府信息公开工作平稳推进。"
        yield "二、主动公开政府信息情况"
        yield self.table2
        yield "三、收到和处理政府信息公开申请情况"
        yield self.table3
        yield "四、政府信息公开行政复议、行政诉讼情况"
        yield self.table4
        yield "五、存在的主要问题及改进情况"
        yield "公开的深度有待加强。"
        yield "六、其他需要报告的事项"
        yield "无其他需要报告的事项。"


def label(cell):
    """A cell's text with the number that its list gives it."""
    return f"{cell[5]}.{cell[4]}" if cell[5] else cell[4]


def write_text(report, path):
    lines = []
    for block in report.blocks():
        if isinstance(block, str):
            lines.append(block)
            continue
        for row in range(block.rows):
            cells = [label(c).replace("\n", "") for c in block.cells if c[0] == row]
            lines.append("| " + " | ".join(cells) + " |")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_html(report, path):
    out = [f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{report.title}</title></head><body>']
    for block in report.blocks():
        if isinstance(block, str):
            out.append(f"<p>{html.escape(block)}</p>")
            continue
        out.append('<table border="1">')
        for row in range(block.rows):
            out.append("<tr>")
            for cell in (c for c in block.cells if c[0] == row):
                spans = f' rowspan="{cell[2]}"' * (cell[2] > 1) + f' colspan="{cell[3]}"' * (cell[3] > 1)
                out.append(f"<td{spans}>{html.escape(label(cell)).replace(chr(10), '<br>') or '&nbsp;'}</td>")
            out.append("</tr>")
        out.append("</table>")
    path.write_text("\n".join(out + ["</body></html>\n"]), encoding="utf-8")


def new_list(document):
    """A list `1.` `2.` of the document; its identifier."""
    numbering = document.part.numbering_part.element
    ids = [int(n.get(qn("w:abstractNumId"))) for n in numbering.findall(qn("w:abstractNum"))]
    own = max(ids, default=0) + 1
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{own}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>')
    first = numbering.find(qn("w:num"))
    first.addprevious(abstract) if first is not None else numbering.append(abstract)
    ids = [int(n.get(qn("w:numId"))) for n in numbering.findall(qn("w:num"))]
    number = max(ids, default=0) + 1
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{own}"/></w:num>'))
    return number


def write_docx(report, path):
    document = docx.Document()
    for block in report.blocks():
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(block.rows, block.width)
        table.style = "Table Grid"
        number = None
        for row, col, rows, cols, text, at in block.cells:
            cell = table.cell(row, col)
            if (rows, cols) != (1, 1):
                cell = cell.merge(table.cell(row + rows - 1, col + cols - 1))
            paragraph = cell.paragraphs[0]
            if at and report.auto:
                number = new_list(document) if at == 1 else number
                properties = paragraph._p.get_or_add_pPr()
                properties.append(parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'))
            elif at:
                text = f"{at}.{text}"
            for piece, line in enumerate(text.split("\n")):
                run = paragraph.add_run()
                if piece:
                    run.add_break()
                run.add_text(line)
    document.save(path)


def write_xlsx(report, path):
    """The three tables as sheets, numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in [("二", report.table2), ("三", report.table3), ("四", report.table4)]:
        sheet = book.create_sheet(name)
        for cell in table.cells:
            row, col, rows, cols, text = cell[0] + 2, cell[1] + 1, cell[2], cell[3], label(cell)
            try:
                value = float(text) if "." in text else int(text)
            except ValueError:
                value = text or None
            sheet.cell(row, col, value)
            if (rows, cols) != (1, 1):
                sheet.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)
        heading = {"二": "二、主动公开政府信息情况", "三": "三、收到和处理政府信息公开申请情况",
                   "四": "四、政府信息公开行政复议、行政诉讼情况"}[name]
        sheet.cell(1, 1, report.title + heading)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=table.width)
    hidden = book.create_sheet("旧")
    hidden.sheet_state = "hidden"
    hidden.cell(1, 1, 999)
    book.save(path)


def convert(folder, kind, sources):
    """One call of LibreOffice for many files; they come out under their own names."""
    out = folder / f"out-{kind}"
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}", "--headless",
               "--convert-to", kind, "--outdir", str(out), *map(str, sources)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    for source in sources:
        made = out / f"{source.stem}.{kind}"
        made.rename(source.with_suffix(f".{kind}"))
    shutil.rmtree(out)


def main():
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    documents, books = [], []
    for at in range(count):
        report = Report(at, random.Random(1000 + at))
        base = folder / f"{at:02}"
        write_text(report, base.with_suffix(".txt"))
        write_html(report, base.with_suffix(".html"))
        write_docx(report, base.with_suffix(".docx"))
        write_xlsx(report, base.with_suffix(".xlsx"))
        documents.append(base.with_suffix(".docx"))
        books.append(base.with_suffix(".xlsx"))
        grids = [[cell[:4] + [label(cell)] for cell in t.cells] for t in (report.table2, report.table3, report.table4)]
        truth = {"form": report.form, "year": report.year, "title": report.title, "issuer": report.issuer,
                 "tables": report.truth, "grids": grids}
        (folder / f"{at:02}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    for kind in ["doc", "rtf", "odt"]:
        convert(folder, kind, documents)
    for kind in ["xls", "ods"]:
        convert(folder, kind, books)
    shutil.rmtree(folder / "profile", ignore_errors=True)


if __name__ == "__main__":
    main()
