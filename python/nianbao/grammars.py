"""The forms that are recognised: those that come with the program, and grammar files of the user."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Sequence, Union

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


@lru_cache(maxsize=16)
def _compiled(files: tuple[tuple[str, int], ...]) -> Grammars:
    return Grammars([path for path, _ in files])
