"""The settings that make the service as strict as an endpoint elsewhere may be."""

from pathlib import Path

import pytest
from graphql import build_client_schema, get_introspection_query

from settings import SIZE_SPELLINGS
from tests.service.live import running

CREATE = "mutation { createTempFileMultipartUploadUrl(input: {%s}) { minPartSize } }"


@pytest.mark.parametrize("spelling", SIZE_SPELLINGS)
def test_one_spelling_of_the_size_is_known_and_required(tmp_path: Path, spelling: str) -> None:
    [other] = set(SIZE_SPELLINGS) - {spelling}
    with running(tmp_path, size_spelling=spelling) as live:
        taken = live.api.graphql(CREATE % f"{spelling}: 6000000").json()
        assert taken["data"]["createTempFileMultipartUploadUrl"] == {"minPartSize": 5_242_880}
        for given in (f"{other}: 6000000", f"{spelling}: 6000000, {other}: 6000000", ""):
            refused = live.api.graphql(CREATE % given).json()
            assert "data" not in refused
            assert spelling in refused["errors"][0]["message"]
            assert refused["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        schema = build_client_schema(live.api.graphql(get_introspection_query()).json()["data"])
        fields = getattr(schema.type_map["CreateTempFileMultipartUploadUrlInput"], "fields", {})
        assert [str(field.type) for field in fields.values()] == ["Float!"]


def test_without_introspection_questions_about_the_schema_are_refused(tmp_path: Path) -> None:
    with running(tmp_path, introspection=False) as live:
        for question in (get_introspection_query(), '{ __type(name: "Asset") { name } }'):
            refused = live.api.graphql(question).json()
            assert "data" not in refused
            assert "introspection has been disabled" in refused["errors"][0]["message"]
        assert live.api.graphql("{ __typename }").json() == {"data": {"__typename": "Query"}}
