"""The queries of the assets page, to be opened in the playground and changed there."""

import json
from collections.abc import Mapping

from client.content_hub.library import PAGE, Place
from client.playground.saved_operations import Operation

_FIELDS = """\
id
assetId
name
label
filename
type
mimeType
published
status
revisionNumber
createdDate
assetRepositoryId
assetFolderId
tags
file
thumbUrl"""
_ASSET = """\
query AssetDetails($id: ID!) {
  assets(id: [$id]) {
    edges {
      node {
%s
      }
    }
  }
}
"""
_PLACE = """\
query AssetsIn($id: ID!, $first: Int, $after: String) {
  node(id: $id) {
    ... on %s {
      assets(first: $first, after: $after) {
        edges {
          node {
            id
            name
            label
            published
            thumbUrl
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
"""
_SEARCH = """\
query AssetSearch($keyword: String!, $place: String!, $first: Int, $after: String) {
  assetSearch(
    keyword: $keyword
    first: $first
    after: $after
    filters: { %s: [$place] }
    sort: { updatedDate: DESC }
  ) {
    total
    edges {
      node {
        id
        name
        label
        updatedDate
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
"""


def asset_operation(asset_id: str) -> Operation:
    """Return the query for one asset."""
    fields = "\n".join(f"{' ' * 8}{field}" for field in _FIELDS.splitlines())
    return _operation(_ASSET % fields, {"id": asset_id})


def listing_operation(place: Place, keyword: str) -> Operation:
    """Return the query for the assets of a place, or for those that a keyword finds in it."""
    if keyword:
        [(field, [key])] = place.filters.items()
        return _operation(_SEARCH % field, {"keyword": keyword, "place": key, "first": PAGE})
    kind = "AssetFolder" if place.is_folder else "AssetRepository"
    return _operation(_PLACE % kind, {"id": place.id, "first": PAGE})


def _operation(text: str, variables: Mapping[str, object]) -> Operation:
    return Operation(text, json.dumps(variables, ensure_ascii=False, indent=2))
