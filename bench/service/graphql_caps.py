"""How fast documents are refused that would cost much: `python -m bench.service.graphql_caps`.

Times are the processor's for the service's own work, without HTTP; each is the best of `TRIES`.
"""

import time
from collections.abc import Mapping

from service.graphql.complexity import Points
from service.graphql.documents import Documents, PreparedDocument
from service.graphql.schema import load_schema

TRIES = 5

_SINGLE = "createTempFileUploadUrl { uploadUrl downloadUrl }"
_PAGES = "organizations { edges { node { id } } }"


def documents() -> Mapping[str, str]:
    """Return the documents by what they try."""
    chain = " ".join(f"fragment F{i} on User {{ ...F{i + 1} ...F{i + 1} }}" for i in range(49))
    return {
        "5,000 aliases": f"mutation {{ {' '.join(f'a{i}: {_SINGLE}' for i in range(5_000))} }}",
        "200 aliases": f"mutation {{ {' '.join(f'a{i}: {_SINGLE}' for i in range(200))} }}",
        "the same field 1,900 times": f"{{ viewer {{ {'id ' * 1_900} }} }}",
        "the same field 25 times, nested": f"{{ {'viewer { ' + _PAGES * 12 + '} '} }}",
        "25 fields below 25 fields": "{ " + ("viewer { " + _PAGES * 2 + "} ") * 25 + "}",
        "2 to the power of 49 fragments": f"{{ viewer {{ ...F0 }} }} {chain} "
        "fragment F49 on User { id }",
        "100 fragment spreads": "{ viewer { "
        + "...F " * 100
        + "} } fragment F on User { "
        + _PAGES * 20
        + " }",
        "nested 900 deep": "{ viewer " * 900 + "}" * 900,
        "nested 100 deep": "{" + "... on Query {" * 100 + "__typename" + "}" * 101,
        "1,900 directives": "{ __typename " + "@a " * 950 + "}",
        "1,900 unknown fields": "{ viewer { " + " ".join(f"f{i}" for i in range(450)) + " } }",
        "a list in a list, 1,900 deep": "{ assets(id: "
        + "[" * 950
        + "]" * 950
        + ") { pageInfo } }",
    }


def refusal_time(source: str) -> tuple[float, str]:
    """Return processor milliseconds until a document is refused, and with what."""
    schema = load_schema()
    times: list[float] = []
    outcome = ""
    for _ in range(TRIES):
        fresh = Documents(schema)
        started = time.thread_time()
        prepared = fresh.prepare(source)
        if isinstance(prepared, PreparedDocument):
            Points(10_000, prepared.points({}))
            outcome = "accepted"
        else:
            outcome = prepared.errors[0].message.partition("\n")[0]
        times.append(time.thread_time() - started)
    return min(times) * 1000, outcome


if __name__ == "__main__":
    for name, source in documents().items():
        milliseconds, outcome = refusal_time(source)
        print(f"{name:<36}{len(source):>8} bytes {milliseconds:8.1f} ms  {outcome[:70]}")
