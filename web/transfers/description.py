"""The OpenAPI description of `/transfers`, made of the types that read the bodies."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from client.transfers.bodies import (
    ADAPTERS,
    Body,
    Cancel,
    Complete,
    Fail,
    Forget,
    Plan,
    Report,
    Resume,
)

_POSTS: dict[str, tuple[type[Body], str]] = {
    "plan": (Plan, "Ask for the URLs that files are sent to"),
    "resume": (Resume, "Go on with a file that was chosen again"),
    "complete": (Complete, "Put together what was sent, and look at it"),
    "fail": (Fail, "Tell why a file was given up"),
    "cancel": (Cancel, "Cancel transfers"),
    "forget": (Forget, "Show transfers that have ended no more"),
    "report": (Report, "Tell which parts arrived, and every try"),
}
_REFUSALS = {
    "400": "A field of the body is not as it must be; the message names it",
    "401": "Nobody is signed in",
    "403": "The visitor's role only looks, or another page sent this",
    "413": "The body is too large",
    "503": "The records of transfers cannot be used",
}
_FILES = "For each file its id, and one of `plan`, `link`, `error` and `pending`: ask again"


class _Described(GenerateJsonSchema):
    """Describes a field that is `NEEDED` as one that is required."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Return whether a field must be there."""
        return _is_needed(field["schema"]) or super().field_is_required(field, total)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the description of a field that may be left out, and of one that must not."""
        if _is_needed(schema):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def _is_needed(schema: Any) -> bool:
    return schema["type"] == "default" and bool(schema.get("validate_default"))


@cache
def openapi() -> dict[str, Any]:
    """Return the description, OpenAPI 3.1."""
    found, shared = TypeAdapter.json_schemas(
        ((name, "validation", ADAPTERS[kind]) for name, (kind, _summary) in _POSTS.items()),
        ref_template="#/components/schemas/{model}",
        schema_generator=_Described,
    )
    paths: dict[str, Any] = {
        "/transfers": {"get": _get("The visitor's transfers, newest first, and the time here")},
        "/transfers/{id}": {
            "get": {
                **_get("One transfer with its parts and tries"),
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
            }
        },
    }
    for name, (_kind, summary) in _POSTS.items():
        body = {"application/json": {"schema": found[name, "validation"]}}
        good = (
            {"204": {"description": "Done"}}
            if name in {"cancel", "forget"}
            else {"200": {"description": _FILES}}
        )
        if name == "report":
            good = {
                "200": {"description": "The ids that are `unknown`, and those sent `elsewhere`"}
            }
        paths[f"/transfers/{name}"] = {
            "post": {
                "operationId": name,
                "summary": summary,
                "requestBody": {"required": True, "content": body},
                "responses": good
                | {code: {"description": text} for code, text in _REFUSALS.items()},
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Transfers of the Temp File Workbench", "version": "1"},
        "paths": paths,
        "components": {"schemas": shared.get("$defs", {})},
    }


def _get(summary: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": {"description": summary}}}
