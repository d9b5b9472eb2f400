"""The queries of the assets page, to be opened in the playground and changed there."""

import json

from client.content_hub.library import Place, assets_query, listing_query
from client.json_object import JsonObject
from client.playground.saved_operations import SavedOperation


def asset_operation(asset_id: str) -> SavedOperation:
    """Return the query for one asset."""
    return _operation(*assets_query([asset_id]))


def listing_operation(place: Place, keyword: str) -> SavedOperation:
    """Return the query for the assets of a place, or for those that a keyword finds in it."""
    return _operation(*listing_query(place, keyword))


def _operation(text: str, variables: JsonObject) -> SavedOperation:
    return SavedOperation(f"{text}\n", json.dumps(variables, ensure_ascii=False, indent=2))
