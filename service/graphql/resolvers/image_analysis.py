"""generateCaptionForImage, detect- and findPointsOfInterestInImage, as stand-ins (contract 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.graphql.resolvers.background import paying_organization
from service.graphql.resolvers.context import Fields, Info, services_of
from service.images.analysis import PointOfInterest


@dataclass(frozen=True)
class GenerateCaptionForImagePayload:
    """What the caption's mutation answers with."""

    caption: str


@dataclass(frozen=True)
class PointsOfInterest:
    """What the other two answer with."""

    objects: Sequence[PointOfInterest]


def _generate_caption(
    _root: Any, info: Info, input: Mapping[str, str]
) -> GenerateCaptionForImagePayload:
    services = services_of(info)
    organization = paying_organization(input["organizationId"])
    caption = services.image_analysis.caption(organization, input["imageUrl"])
    return GenerateCaptionForImagePayload(caption)


def _detect_points(_root: Any, info: Info, input: Mapping[str, Any]) -> PointsOfInterest:
    services = services_of(info)
    organization = paying_organization(input["organizationId"])
    return PointsOfInterest(services.image_analysis.detect(organization, input["imageUrl"]))


def _find_points(_root: Any, info: Info, input: Mapping[str, Any]) -> PointsOfInterest:
    services = services_of(info)
    organization = paying_organization(input["organizationId"])
    things = input["thingsToFind"]
    return PointsOfInterest(services.image_analysis.find(organization, input["imageUrl"], things))


FIELDS: Fields = {
    "Mutation": {
        "generateCaptionForImage": _generate_caption,
        "detectPointsOfInterestInImage": _detect_points,
        "findPointsOfInterestInImage": _find_points,
    }
}
