"""Opens samples, with what the app knows where they say that something is to be put."""

import re
import time
from contextlib import suppress

from client.api.document import read_variables
from client.content_hub.assets import ContentHubClient
from client.errors import ClientError
from client.playground.samples import Sample
from client.written_json import write_written
from components.common.plain_text import plain
from components.playground import words
from components.playground.state import Playground
from components.session import api
from process import this_process

_TO_BE_PUT = re.compile(r"put-an?-[\w-]+-here")
_LINK, _REPOSITORY = "https://example.com/put-a-downloadUrl-here", "put-a-repository-id-here"


def open_sample(state: Playground, sample: Sample, **values: str) -> None:
    """Open a sample in a tab of its own.

    The repository, the organization that pays and the person's latest link stand where the sample
    says that one is to be put; what cannot be found out stays as it is in the sample, and is named.

    Args:
        state: of the visit.
        sample: what to open.
        values: variables that the caller knows.
    """
    if not sample.variables:
        state.open(sample.text)
        return
    variables = {**read_variables(sample.variables), **values}
    with suppress(ClientError):
        if "organizationId" in variables:
            variables["organizationId"] = api().payer()
    with suppress(ClientError):
        if variables.get("repositoryId") == _REPOSITORY:
            repositories = ContentHubClient(api()).repositories()
            variables["repositoryId"] = repositories[0].id if repositories else _REPOSITORY
    with suppress(ClientError):
        for name in ("src", "imageUrl"):
            if variables.get(name) == _LINK:
                is_for_pictures = name == "imageUrl"
                variables[name] = _latest_link(state.owner, pictures=is_for_pictures) or _LINK
    written = write_written(variables)
    state.open(sample.text, written)
    if wanted := sorted(set(_TO_BE_PUT.findall(written))):
        notice = words.SAMPLE_WANTS.format(values=plain(", ".join(wanted)))
        advice = words.SAMPLE_WANTS_LINK if _LINK in written else ""
        state.notice = f"{state.notice}\n\n{notice} {advice}".strip()


def _latest_link(owner: str, *, pictures: bool) -> str:
    """Return the newest link of the person's that works; empty without one."""
    now = time.time()
    for record in this_process().transfers.list(owner):
        link = record.link
        if link and link.deadline > now and (link.image or not pictures):
            return link.url
    return ""
