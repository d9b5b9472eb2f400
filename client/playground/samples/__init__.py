"""Every operation of the contract as a sample to start from, each with a sentence.

One `.graphql` file each: its first comment line is the title, the following ones the sentence; a
`.json` file of the same name holds example variables. The files' names give their order. A file of
comments only stands for the client's own document of that name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from client.api.documents import document

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """An operation to start from.

    Attributes:
        id: stays the same, for keys of elements.
        text: the document, without the title.
        variables: JSON text; empty without any.
    """

    id: str
    title: str
    sentence: str
    text: str
    variables: str


@cache
@cache
def samples() -> Sequence[Sample]:
    """Return the collection in its order."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.graphql")))


def _read(path: Path) -> Sample:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    comments = [line.removeprefix("#").strip() for line in head]
    variables = path.with_suffix(".json")
    name = path.stem.partition("-")[2]
    return Sample(
        id=name,
        title=comments[0],
        sentence=" ".join(comments[1:]),
        text=("\n".join(lines[len(head) :]).strip() or document(name)) + "\n",
        variables=variables.read_text(encoding="utf-8") if variables.exists() else "",
    )
