"""Packages that only some functions need."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def need(module: str, extra: str, what: str) -> Any:
    """A module, or an error that says what to install.

    >>> need("no_such_module", "arrow", "nianbao.read")
    Traceback (most recent call last):
        ...
    ImportError: nianbao.read needs no_such_module: pip install 'nianbao[arrow]'
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ImportError(f"{what} needs {package}: pip install 'nianbao[{extra}]'") from error
