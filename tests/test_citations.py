"""What code and documents cite is there: sections, anchors, and paths of this repository.

"contract 7.6" is a section of docs/contract.md, or point 6 of the list in its section 7; other
documents are cited with their path, as in `docs/architecture.md 5.6`.
"""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from client.contract_check.run import probes_of

ROOT = Path(__file__).parents[1]
CONTRACT = "docs/contract.md"

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_NUMBERS = rf"{_NUMBER}(?:(?:, | and | to ){_NUMBER})*"
_CITATION = re.compile(rf"\b(contract|docs/[a-z-]+\.md),? ({_NUMBERS})(?![0-9.]*[0-9%])")
# Ways to cite what is not in the repository, or not in a form that can be checked.
_DANGLING = re.compile(
    r"\(notes? [A-Z]|\bnotes [A-Z][0-9]|design decision|contract,? (?:section|point)"
    r"|of the seven\b|\bstep [0-9]+[a-z]\b|house\.md|style\.md|\bthe seed\b"
)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_NUMBERED = re.compile(rf"^(?:#+ (?P<section>{_NUMBER})\.? |(?P<point>[0-9]+)\. )", re.MULTILINE)
_QUOTED = re.compile(r'"""(.*?)"""', re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FOLDERS = (
    "bench|client|components|content_types|contract|cutout|docs|frontend|pages|service|tests|web"
)
_PATH = re.compile(rf"(?<![\w./<-])(?:{_FOLDERS})(?:/[\w.-]+)*/[\w.-]*[\w-](?![\w*{{<…-])")


def files(*endings: str) -> list[Path]:
    """Return our own files with these endings, this one left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *endings],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [
        path
        for path in found
        if path.is_file() and path != Path(__file__) and "editor." not in path.name
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def flowing(text: str) -> str:
    """Return a text without its line ends, since a citation may stand at one."""
    return re.sub(r"\s*\n\s*(?:(?:#|//|\*)\s)?", " ", text)


@cache
def sections(document: str) -> frozenset[str]:
    """Return the numbers a document can be cited by: its sections, and the points of each."""
    found: set[str] = set()
    section = ""
    for match in _NUMBERED.finditer(text_of(ROOT / document)):
        if match["section"]:
            section = match["section"]
            found.add(section)
        elif section:
            found.add(f"{section}.{match['point']}")
    return frozenset(found)


def missing_sections(text: str) -> list[str]:
    """Return the citations of a text that lead nowhere."""
    missing: list[str] = []
    for document, numbers in _CITATION.findall(flowing(text)):
        path = CONTRACT if document == "contract" else document
        known = sections(path) if (ROOT / path).is_file() else frozenset[str]()
        missing += [f"{document} {one}" for one in re.findall(_NUMBER, numbers) if one not in known]
    return missing


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in _HEADING.findall(text_of(path))
    }


def docstrings(path: Path) -> list[str]:
    """Return what stands in triple quotes; parsing every file would take ten times as long."""
    return _QUOTED.findall(text_of(path))


def missing_paths(text: str) -> list[str]:
    return [
        path for path in _PATH.findall(text) if not list(ROOT.glob(path)) and not is_module(path)
    ]


def is_module(path: str) -> bool:
    return (ROOT / f"{path}.py").is_file()


def test_every_cited_section_exists() -> None:
    missing = {
        name_of(path): found
        for path in files("*.py", "*.js", "*.md", "*.graphql", "*.toml", "Makefile")
        if (found := missing_sections(text_of(path)))
    }
    assert missing == {}


def test_nothing_cites_what_cannot_be_looked_up() -> None:
    dangling = {
        name_of(path): found
        for path in files("*.py", "*.js", "*.md", "*.graphql", "*.toml", "Makefile")
        if (found := _DANGLING.findall(flowing(text_of(path))))
    }
    assert dangling == {}


@pytest.mark.parametrize(
    "text",
    ["see (notes B6, step 4)", "by design decision 14", "contract, point 5", "contract section 4"],
)
def test_a_citation_of_what_is_not_here_is_found(text: str) -> None:
    assert _DANGLING.search(flowing(text))


def test_every_probe_names_a_section_of_the_contract() -> None:
    assert {
        one.id: one.section for one in probes_of() if one.section not in sections(CONTRACT)
    } == {}


def test_the_contract_and_the_list_of_checks_refer_to_sections_that_exist() -> None:
    within = re.findall(rf"\bsection ({_NUMBER})", text_of(ROOT / CONTRACT))
    checks = text_of(ROOT / "docs/checks.md").partition("## All probes")[0]
    cells = re.findall(r"^\| ([0-9., ]+) \|", checks, re.MULTILINE)
    told = [one for cell in cells for one in re.findall(_NUMBER, cell)]
    told += re.findall(r"\((19\.[0-9]+)", checks)
    assert within
    assert told
    assert [one for one in (*within, *told) if one not in sections(CONTRACT)] == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken: list[str] = []
    for path in files("*.md"):
        for link in _LINK.findall(text_of(path)):
            if re.match("[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = path.parent / name if name else path
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{name_of(path)}: {link}")
    assert broken == []


def test_every_path_that_is_named_exists() -> None:
    missing = {
        name_of(path): found
        for path in files("*.md")
        # What was true of an earlier version stays as it was.
        if path.name != "CHANGELOG.md" and (found := missing_paths(text_of(path)))
    }
    for path in files("*.py"):
        if found := [one for text in docstrings(path) for one in missing_paths(text)]:
            missing[name_of(path)] = found
    assert missing == {}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("as in (contract 7.6)", []),
        ("of contract 4, 12 and\n    # 16.13", []),
        ("contract 7.9 and 99", ["contract 7.9", "contract 99"]),
        ("docs/contract.md 16.99", ["docs/contract.md 16.99"]),
        ("docs/nothing.md 1", ["docs/nothing.md 1"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(text: str, missing: list[str]) -> None:
    assert missing_sections(text) == missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("see `client/api/api.py` and client/storage/", []),
        ("see `client/nowhere.py`.", ["client/nowhere.py"]),
        ("pages/ and `components/upload/nowhere/x.js`", ["components/upload/nowhere/x.js"]),
    ],
)
def test_a_path_that_leads_nowhere_is_found(text: str, missing: list[str]) -> None:
    assert missing_paths(text) == missing


def test_every_type_of_the_glossary_lives_where_it_says() -> None:
    rows = re.findall(r"`(\w+)` in `([\w./]+)`", text_of(ROOT / "docs/glossary.md"))
    assert len(rows) > 50
    missing = [
        f"{name} in {path}"
        for name, path in rows
        if not (ROOT / path).is_file()
        or not re.search(
            rf"^(?:export )?(?:(?:class|def) {name}\b|{name} = )",
            text_of(ROOT / path),
            re.MULTILINE,
        )
    ]
    assert missing == []
