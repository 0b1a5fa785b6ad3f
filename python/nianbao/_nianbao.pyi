from typing import Any, Callable

__version__: str
__build__: str

def entry(name: str) -> bytes | None: ...
def main(words: list[str]) -> int: ...

class GrammarError(ValueError):
    path: str
    line: int

class Batches:
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

class Grammars:
    def __new__(cls, files: list[str]) -> Grammars: ...
    def parse(self, name: str, bytes: bytes) -> bytes: ...
    def forms(self) -> str: ...
    def read(
        self,
        inputs: list[str],
        table: str,
        threads: int,
        include: list[str],
        exclude: list[str],
        corrections: list[str],
        progress: Callable[[int, int], object] | None,
    ) -> Batches: ...
    def convert(
        self,
        inputs: list[str],
        out: str,
        formats: list[str],
        threads: int,
        resume: bool,
        update: bool,
        checkpoint: float,
        csv_bom: bool,
        dedup: bool,
        seconds: float | None,
        include: list[str],
        exclude: list[str],
        corrections: list[str],
        id: str,
        progress: Callable[[int, int], object] | None,
    ) -> str: ...
    def panel(self, folders: list[str], out: str, formats: list[str], corrections: list[str]) -> str: ...
    def explain(self, name: str, bytes: bytes, html: bool) -> str: ...
    def parse_batch(self, batch: Any, table: str) -> Batches: ...
