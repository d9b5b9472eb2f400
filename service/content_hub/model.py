"""What the Content Hub holds and is given; ids are bare UUIDs, times are epoch seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Moment: TypeAlias = Literal["created", "updated"]


@dataclass(frozen=True)
class Asset:
    """An asset; without a file it is a set."""

    asset_id: str
    name: str
    type: str
    filename: str
    label: str
    repository_id: str
    folder_id: str | None
    file_id: str | None
    mime_type: str | None
    thumb_file: str | None
    details: Mapping[str, Mapping[str, Any]]
    tags: Sequence[str]
    content_ids: Sequence[str]
    locale: str | None
    locale_group: str
    workflow_assigned_to: str | None
    workflow_assigned_at: float | None
    workflow_status: str
    published: bool
    revision_number: int
    created: float
    updated: float
    status: str = "ACTIVE"


@dataclass(frozen=True)
class AssetInput:
    """What createAsset and createOrUpdateAssetByName are given; None was left out."""

    name: str
    type: str
    filename: str
    repository_id: str
    folder_id: str | None = None
    src: str | None = None
    label: str | None = None
    content_ids: Sequence[str] | None = None
    locale: str | None = None
    locale_group: str | None = None
    workflow_assigned_to: str | None = None
    workflow_status: str | None = None
    tags: Sequence[str] | None = None
    thumb_file: str | None = None


@dataclass(frozen=True)
class Order:
    """What assets are sorted by."""

    moment: Moment
    ascending: bool = False


@dataclass(frozen=True)
class Search:
    """What assetSearch looks for; empty sequences of ids find nothing, None finds all.

    Attributes:
        orders: at least one; the next decides where the one before finds two alike.
    """

    keyword: str | None = None
    folder_ids: Sequence[str | None] | None = None
    repository_ids: Sequence[str] | None = None
    orders: Sequence[Order] = (Order("updated"),)
