"""The forms that are recognised: those that come with the program, and grammar files of the user."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any, Sequence, Union

from ._nianbao import Grammars

PathLike = Union[str, "os.PathLike[str]"]


def grammars(grammar: PathLike | Sequence[PathLike] | None) -> Grammars:
    """The compiled forms; a file is compiled again when it was changed."""
    if grammar is None:
        files: list[str] = []
    elif isinstance(grammar, (str, os.PathLike)):
        files = [os.fspath(grammar)]
    else:
        files = [os.fspath(path) for path in grammar]
    return _compiled(tuple((path, os.stat(path).st_mtime_ns) for path in files))


def forms(grammar: PathLike | Sequence[PathLike] | None = None) -> dict[str, Any]:
    """What all records of a form share: its tables, and rule and cells of each check; `forms.json` of a conversion.

    >>> forms()["forms"]["disclosure-2021"]["checks"]["review_litigation.row_total.reconsideration"]["cells"][-1]
    'review_litigation.reconsideration.total'
    """
    return forms_of(grammars(grammar))


@lru_cache(maxsize=16)
def forms_of(compiled: Grammars) -> dict[str, Any]:
    """The same of compiled forms; not to be changed."""
    return json.loads(compiled.forms())


@lru_cache(maxsize=16)
def _compiled(files: tuple[tuple[str, int], ...]) -> Grammars:
    return Grammars([path for path, _ in files])
