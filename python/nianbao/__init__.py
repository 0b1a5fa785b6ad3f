"""Chinese government annual reports (政府信息公开工作年度报告) as records that can be trusted.

>>> import nianbao
>>> text = '''某县2022年政府信息公开工作年度报告
... 二、主动公开政府信息情况
... 第二十条第（一）项
... 信息内容 本年制发件数 本年废止件数 现行有效件数
... 规章 0 0 0
... 行政规范性文件 3 1 20
... '''
>>> report = nianbao.parse(text.encode())
>>> report.year, report.form
(2022, 'disclosure-2021')
>>> report["proactive.normative_documents.in_force"].value
20

A value is printed in the document, or proven by the form's arithmetic, or not given (`None`). What is wrong with a
document is in `report.diagnostics`; exceptions are for the world: `OSError` for files, `GrammarError` for grammar files.
"""

from ._nianbao import GrammarError, __version__
from .convert import Summary, convert
from .grammars import forms
from .panel import Panel, panel
from .parts import Part, convert_all, convert_one
from .report import Candidate, Cell, Check, Diagnostic, Report, Section, Statement, explain, parse
from .tables import parse_batch, read, to_pandas, to_polars

__all__ = [
    "Candidate", "Cell", "Check", "Diagnostic", "GrammarError", "Panel", "Part", "Report", "Section", "Statement", "Summary",
    "__version__", "convert", "convert_all", "convert_one", "explain", "forms", "panel", "parse", "parse_batch", "read", "to_pandas", "to_polars",
]
