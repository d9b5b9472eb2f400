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
OF_ANY_SCHEMA = {"schema"}
"""The ids of samples that every GraphQL service answers; the others are of the contract."""


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
def samples() -> Sequence[Sample]:
    """Return the collection in its order."""
    found: list[Sample] = []
    for path in sorted(FOLDER.glob("*.graphql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line for line in lines if line.startswith("#")]
        title, *sentences = [line.removeprefix("#").strip() for line in head]
        text = "\n".join(lines[len(head) :]).strip()
        name = path.stem.partition("-")[2]
        variables = path.with_suffix(".json")
        found.append(
            Sample(
                id=name,
                title=title,
                sentence=" ".join(sentences),
                text=(text or document(name)) + "\n",
                variables=variables.read_text(encoding="utf-8") if variables.exists() else "",
            )
        )
    return tuple(found)
