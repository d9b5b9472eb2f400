"""Background removal: who pays, what comes back, and what it costs."""

import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from client.api.credits import credits_left
from client.api.graphql import GraphQLAnswer
from client.api.operations import REMOVE_BACKGROUND
from client.background_removal import TIMEOUT
from client.contract_check.outcome import NothingClearError, Seen
from client.contract_check.probe import probe
from client.contract_check.probes.sample_image import SIDE, sample_image
from client.contract_check.probes.single import lifetime_told
from client.contract_check.trial import Trial, told, told_failure
from client.json_object import as_object
from client.wire.http import Answer

_NO_ORGANIZATION = "T3JnYW5pemF0aW9uOm9yZ19DT05UUkFDVENIRUNLMDAw"


@dataclass(frozen=True)
class _Removal:
    """One removal, with the credits before and after where the endpoint tells them."""

    answer: GraphQLAnswer
    before: int | None
    after: int | None


@probe("background", "9", "documented", "at least one organization")
def organizations(trial: Trial) -> Seen:
    """The credentials reach an organization."""
    count = len(trial.api.operations.viewer()["organizations"])
    return Seen(f"{count} organization{'s' * (count != 1)}", count > 0)


@probe("background", "9", "observed", "a number of credits")
def credits_told(trial: Trial) -> str:
    """The credits of the organization are told."""
    known = credits_left(trial.api, _organization(trial)) is not None
    return "a number of credits" if known else "no number"


@probe("background", "9", "inferred", "refused")
def unknown_organization(trial: Trial) -> str:
    """An organization that is none is refused."""
    urls = trial.shared("single, written", trial.new_single)
    variables = {"organization": _NO_ORGANIZATION, "image": urls.download}
    return "answered" if trial.ask(REMOVE_BACKGROUND, variables).failure is None else "refused"


@probe("background", "9", "documented", "success", cost="credit")
def remove_background(trial: Trial) -> str:
    """A temp file's background is removed."""
    return told_failure(_removal(trial).answer)


@probe("background", "9", "documented", "one credit", cost="credit")
def removal_price(trial: Trial) -> str:
    """A removal costs one credit."""
    removal = _removal(trial)
    if removal.before is None or removal.after is None:
        raise NothingClearError("The endpoint does not tell its credits.")
    spent = removal.before - removal.after
    return "one credit" if spent == 1 else f"{spent} credits"


@probe("background", "9", "documented", "200", cost="credit")
def result_get(trial: Trial) -> str:
    """The result can be read at imageUrl."""
    return told(_result(trial))


@probe(
    "background", "9", "inferred", f"PNG with transparency, {SIDE} by {SIDE} pixels", cost="credit"
)
def result_image(trial: Trial) -> str:
    """The result is a PNG with transparency, as large as the picture."""
    try:
        with Image.open(io.BytesIO(_result(trial).content)) as image:
            clear = "with" if "A" in image.getbands() or "transparency" in image.info else "without"
            return f"{image.format} {clear} transparency, {image.width} by {image.height} pixels"
    except (UnidentifiedImageError, OSError):
        return "no picture"


@probe("background", "9", "inferred", "3,600 seconds", cost="credit")
def result_lifetime(trial: Trial) -> Seen:
    """The result lives one hour."""
    return lifetime_told(_result_url(trial))


@probe("background", "6", "inferred", "refused", cost="credit")
def removal_without_type(trial: Trial) -> str:
    """A picture without a content type is refused."""
    urls = trial.new_single()
    trial.put(urls.upload, sample_image())
    answer = _ask(trial, urls.download)
    return "answered" if answer.failure is None else "refused"


def _organization(trial: Trial) -> str:
    found = trial.shared("viewer", trial.api.operations.viewer)["organizations"]
    if not found:
        raise NothingClearError("The credentials reach no organization.")
    return found[0]["id"]


def _removal(trial: Trial) -> _Removal:
    return trial.shared("removal", lambda: _removed(trial))


def _removed(trial: Trial) -> _Removal:
    organization, urls = _organization(trial), trial.new_single()
    trial.put(urls.upload, sample_image(), Content_Type="image/png")
    before = credits_left(trial.api, organization)
    answer = _ask(trial, urls.download)
    return _Removal(answer, before, credits_left(trial.api, organization))


def _ask(trial: Trial, image_url: str) -> GraphQLAnswer:
    variables = {"organization": _organization(trial), "image": image_url}
    return trial.ask(REMOVE_BACKGROUND, variables, timeout=TIMEOUT)


def _result_url(trial: Trial) -> str:
    data = _removal(trial).answer.data or {}
    url = as_object(data.get("removeBackgroundFromImage")).get("imageUrl")
    if not isinstance(url, str) or not url:
        raise NothingClearError("There is no imageUrl.")
    return url


def _result(trial: Trial) -> Answer:
    url = _result_url(trial)
    return trial.shared("result, read", lambda: trial.get(url))
