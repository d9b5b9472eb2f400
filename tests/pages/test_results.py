"""What comes after an upload, as Streamlit runs it: cards, next steps, the list, deep links."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from streamlit.testing.v1 import AppTest

from client.api.api import Api
from client.content_hub.assets import ContentHubClient, NewAsset
from client.storage.complete import Receipt
from client.storage.plan import UploadPlan
from client.transfers.record import Problem, State, Transfer
from client.transfers.registry import TransferRegistry
from client.wire.exchange import ExchangeLog
from process import this_process
from tests.app_server import ROOT, ServiceAlone
from tests.client.export.har_schema import check_har

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
HOSTILE = '**film** "$(x)" =1+1.png'


pytestmark = pytest.mark.usefixtures("environment")


class Visitor:
    """Somebody with transfers of their own."""

    def __init__(self, api: Api, registry: TransferRegistry) -> None:
        self.name = f"ann-{secrets.token_hex(4)}"
        self.api = api
        self.registry = registry

    def plan(self, name: str) -> UploadPlan:
        return self.api.plan_upload(name, len(PNG), "image/png")

    def has(
        self, name: str, state: State = "planned", *, plan: UploadPlan | None = None, **other: Any
    ) -> str:
        transfer_id = secrets.token_hex(8)
        self.registry.put(
            Transfer(
                transfer_id,
                self.name,
                name,
                len(PNG),
                state,
                started=time.time(),
                plan=plan or self.plan(name),
                **other,
            )
        )
        return transfer_id

    def has_sent(
        self,
        name: str,
        change: Callable[[Receipt], Receipt] = lambda same: same,
        content_type: str = "image/png",
    ) -> str:
        plan = replace(self.plan(name), content_type=content_type)
        part = plan.parts[0]
        answer = requests.put(part.url, PNG, headers={"Content-Type": content_type}, timeout=10)
        etags = {1: answer.headers["ETag"]}
        transfer_id = self.has(name, plan=plan)
        receipt = change(self.api.complete(plan, etags))
        self.registry.finish(self.name, transfer_id, receipt, None)
        return transfer_id

    def page(self, selected: str | None = None, roles: str = "uploader") -> AppTest:
        test = AppTest.from_file(str(ROOT / "pages" / "upload.py"), default_timeout=30)
        test.user["username"], test.user["roles"] = self.name, roles
        if selected is not None:
            test.query_params["transfer"] = selected
        return run(test)


@pytest.fixture
def ann(api: Api, service_alone: ServiceAlone) -> Iterator[Visitor]:
    registry = TransferRegistry(service_alone.data_dir)
    yield Visitor(api, registry)
    registry.close()


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def labels(test: AppTest) -> list[str]:
    return [button.label for button in test.button]


def shown(test: AppTest) -> str:
    return " ".join(str(node.value) for node in [*test.markdown, *test.caption, *test.info])


def press(test: AppTest, key: str) -> AppTest:
    test.button(key=key).click()
    return run(test)


def test_a_finished_upload_offers_its_next_steps(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    test = ann.page(transfer)
    assert test.button(key=f"create-asset-{transfer}").disabled is False
    assert test.button(key=f"check-{transfer}").disabled is False
    assert [header.value for header in test.header] == ["Details"]


def test_an_expired_link_is_said_and_nothing_is_offered_with_it(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png", lambda receipt: replace(receipt, deadline=time.time() - 1))
    test = ann.page(transfer)
    assert test.button(key=f"create-asset-{transfer}").disabled
    assert test.button(key=f"check-{transfer}").disabled
    assert "No preview: the link has expired." in shown(test)


@pytest.mark.parametrize(
    ("content_type", "shown_there"), [("image/png", True), ("image/heic", False)]
)
def test_a_picture_that_browsers_do_not_show_has_words_in_its_place(
    ann: Visitor, content_type: str, shown_there: bool
) -> None:
    test = ann.page(ann.has_sent("shoe.png", content_type=content_type))
    assert ("No preview: browsers do not show" in shown(test)) != shown_there


def test_a_viewer_is_not_offered_to_create_an_asset(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    assert "Create asset" in labels(ann.page(transfer))
    assert "Create asset" not in labels(ann.page(transfer, roles="viewer"))


def test_the_check_of_a_download_ends_with_its_sha256(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    test = ann.page(transfer)
    press(test, f"check-{transfer}")
    deadline = time.monotonic() + 20
    while not test.success:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        run(test)
    assert test.success[0].value == "The download is what was uploaded"
    assert "**ETag**: as uploaded" in shown(test)
    assert len(test.code[0].value) == 64


def test_what_differs_from_the_upload_is_named(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png", lambda receipt: replace(receipt, etag='"other"'))
    test = press(ann.page(transfer), f"check-{transfer}")
    deadline = time.monotonic() + 20
    while not test.error:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        run(test)
    assert test.error[0].value == "The download is not what was uploaded"
    assert "**ETag**: differs" in shown(test)


def copied(ann: Visitor, transfer: str, tab: str, log: ExchangeLog | None = None) -> str:
    test = ann.page(transfer)
    if log:
        this_process().visitors.of(ann.name, "").log = log
    test.session_state[f"copy-{transfer}"] = True
    test.session_state[f"copy-tabs-{transfer}"] = tab
    [code] = run(test).code
    return code.value


@pytest.mark.parametrize("tab", ["curl", "Python", "CSV of parts", "HAR"])
def test_nothing_secret_is_in_a_copy(ann: Visitor, tab: str) -> None:
    transfer = ann.has_sent(HOSTILE)
    known = ann.registry.get(ann.name, transfer)
    assert known
    assert known.plan
    part = known.plan.parts[0]
    log = ExchangeLog()
    with log.about(transfer):
        log.record_browser_put(
            url=part.url, part=1, size=part.size, started=1.0, seconds=0.5, status=200
        )
    text = copied(ann, transfer, tab, log)
    assert part.url.rpartition("=")[2] not in text
    if tab == "HAR":
        document = json.loads(text)
        check_har(document)
        assert len(document["log"]["entries"]) == 1


def test_a_copy_of_what_is_not_remembered_says_so(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    test = ann.page(transfer)
    test.session_state[f"copy-{transfer}"] = True
    test.session_state[f"copy-tabs-{transfer}"] = "HAR"
    assert "Nothing of this is remembered" in shown(run(test))


def test_the_dialog_keeps_what_was_typed_when_the_name_is_taken(ann: Visitor) -> None:
    stem = f"shoe {secrets.token_hex(4)}"
    transfer = ann.has_sent(f"{stem}.png")
    test = press(ann.page(transfer), f"create-asset-{transfer}")
    assert test.text_input(key=f"asset-name-{transfer}").value == stem
    test.multiselect(key=f"asset-tags-{transfer}").set_value(["a b"])
    test.checkbox(key=f"asset-publish-{transfer}").check()
    run(test)
    take(ann, stem, transfer)
    press(test, "asset-create")
    assert "Code: `name-taken`" in test.error[0].value
    assert test.multiselect(key=f"asset-tags-{transfer}").value == ["a b"]
    assert test.checkbox(key=f"asset-publish-{transfer}").value
    assert test.button(key="asset-create").disabled
    press(test, f"asset-name-{transfer}-free")
    assert test.text_input(key=f"asset-name-{transfer}").value == f"{stem} (2)"
    press(test, "asset-create")
    assert "is in Content Hub" in test.success[0].value
    assert any("Publishing was asked for" in caption.value for caption in test.caption)
    press(test, "asset-close")
    assert not test.success


def take(ann: Visitor, name: str, transfer_id: str) -> None:
    hub = ContentHubClient(ann.api)
    transfer = ann.registry.get(ann.name, transfer_id)
    assert transfer
    assert transfer.receipt
    repository = hub.repositories()[0].id
    hub.create(NewAsset(transfer.receipt.download_url, "IMAGE", name, "a.png", repository))


def test_the_dialog_stays_through_a_run_that_something_else_causes(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    test = press(ann.page(transfer), f"create-asset-{transfer}")
    test.text_input(key=f"asset-name-{transfer}").set_value("typed")
    run(test)
    ann.has_sent("another.png")
    run(test)
    assert test.text_input(key=f"asset-name-{transfer}").value == "typed"


def test_a_type_that_is_not_sure_is_asked_for(ann: Visitor) -> None:
    plan = replace(ann.plan("a.pdf"), content_type="application/pdf")
    transfer = ann.has("a.pdf", plan=plan)
    receipt = Receipt("a.pdf", 1, '"e"', "application/pdf", "http://s/a", time.time() + 60)
    ann.registry.finish(ann.name, transfer, receipt, None)
    test = press(ann.page(transfer), f"create-asset-{transfer}")
    assert test.radio(key=f"asset-type-{transfer}").value is None
    assert "Create" not in labels(test)
    test.radio(key=f"asset-type-{transfer}").set_value("VIDEO")
    assert "Create" in labels(run(test))


def test_details_are_closed_by_taking_the_transfer_out_of_the_address(ann: Visitor) -> None:
    transfer = ann.has_sent("shoe.png")
    test = ann.page(transfer)
    assert labels(test).count("Check the download") == 1
    press(test, "selected-close")
    assert "transfer" not in test.query_params
    assert "Check the download" not in labels(test)


@pytest.mark.parametrize(
    ("state", "other", "sentence"),
    [
        ("planned", {"heartbeat": 1.0}, 'Press "Choose the file again"'),
        ("cancelled", {}, "was cancelled"),
    ],
)
def test_an_address_of_something_unfinished_says_what_to_do(
    ann: Visitor, state: State, other: dict[str, Any], sentence: str
) -> None:
    test = ann.page(ann.has("film.mp4", state, **other))
    assert sentence in test.info[0].value


def test_an_address_of_a_running_transfer_says_where_it_is(ann: Visitor) -> None:
    test = ann.page(ann.has("film.mp4", heartbeat=time.time()))
    assert "is on its way" in test.info[0].value


def test_an_address_of_something_that_expired_says_so(ann: Visitor) -> None:
    late = replace(ann.plan("film.mp4"), deadline=time.time() - 1)
    assert "before its links expired" in ann.page(ann.has("film.mp4", plan=late)).info[0].value


def test_an_address_of_a_failure_says_why(ann: Visitor) -> None:
    problem = Problem("complete-failed", {"storage_code": "InvalidPart"})
    test = ann.page(ann.has("film.mp4", "failed", problem=problem))
    assert "InvalidPart" in test.error[0].value


@pytest.mark.parametrize("address", ["nobody", "<script>", "../../x", "x" * 5000, ""])
def test_an_address_of_nothing_says_so(ann: Visitor, address: str) -> None:
    test = ann.page(address)
    assert "None of your transfers has this address" in test.info[0].value


def test_somebody_else_s_transfer_is_not_shown(
    ann: Visitor, api: Api, service_alone: ServiceAlone
) -> None:
    transfer = ann.has_sent("secret.png")
    bob = Visitor(api, ann.registry)
    test = bob.page(transfer)
    assert "None of your transfers has this address" in test.info[0].value
    assert "secret" not in shown(test)


def test_a_hostile_name_is_plain_text_everywhere(ann: Visitor) -> None:
    transfer = ann.has_sent(HOSTILE)
    test = press(ann.page(transfer), f"create-asset-{transfer}")
    assert "**film**" not in " ".join([*labels(test), shown(test)])
    assert all("**" not in header.value for header in test.subheader)
