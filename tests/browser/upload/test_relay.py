"""Parts that go through the app because the browser may not talk to the store."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from components.upload.uploader.choices import MOST_PARALLEL
from components.upload.words import CHECK_PARTS
from tests.app_server import AppServer
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.connections.ceph_endpoint import running_ceph_api
from tests.browser.endpoint import Endpoint
from tests.browser.service_control import ServiceControl
from tests.browser.settled import settled
from tests.browser.steps import (
    choose,
    choose_part_size,
    expect_same_file,
    random_file,
    unfold,
    wait_until_done,
)
from tests.s3.engines import Engine


@pytest.fixture
def control(endpoint: Endpoint) -> Iterator[ServiceControl]:
    yield endpoint.control
    endpoint.control.switch()


def watch_puts(page: Page) -> list[str]:
    """Collect where the page sends parts, by port."""
    ports: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            ports.append(str(urlsplit(request.url).port))

    page.on("request", note)
    return ports


def send_at_once(page: Page, parts: int) -> None:
    """Choose how many parts go at once, with the keyboard; "Advanced" is open."""
    slider = page.get_by_role("slider", name="Parts at once")
    for number in reversed(range(parts, MOST_PARALLEL)):
        slider.press("ArrowLeft")
        expect(slider).to_have_value(str(number))
    settled(page)


def test_after_one_refusal_by_cors_everything_goes_through_the_app(
    remote_home: Page,
    endpoint: Endpoint,
    control: ServiceControl,
    remote_app: AppServer,
    tmp_path: Path,
) -> None:
    before = control.stored_parts()
    control.switch(cors_off={})
    choose_part_size(remote_home)
    send_at_once(remote_home, 1)
    film = random_file(tmp_path / "film.mp4", 120_000_000)
    ports = watch_puts(remote_home)
    choose(remote_home, film)
    card = wait_until_done(remote_home, film.name)
    expect(card).to_contain_text("Sent through this app")
    store, app = str(urlsplit(endpoint.url).port), str(remote_app.port)
    assert ports.count(store) == 1
    assert ports.count(app) == 8
    assert control.stored_parts() - before == 8
    expect_same_file(remote_home, film, tmp_path)


def test_parts_that_were_out_when_cors_refused_go_through_the_app_once(
    remote_home: Page,
    endpoint: Endpoint,
    control: ServiceControl,
    remote_app: AppServer,
    tmp_path: Path,
) -> None:
    before = control.stored_parts()
    control.switch(cors_off={})
    choose_part_size(remote_home)
    send_at_once(remote_home, 4)
    # Hashed one after the other, the last of them would begin after the first answer.
    remote_home.get_by_text(CHECK_PARTS, exact=True).click()
    settled(remote_home)
    film = random_file(tmp_path / "four at once.mp4", 120_000_000)
    ports = watch_puts(remote_home)
    choose(remote_home, film)
    card = wait_until_done(remote_home, film.name)
    expect(card).to_contain_text("Sent through this app")
    expect(card).not_to_contain_text("is sent again")
    store, app = str(urlsplit(endpoint.url).port), str(remote_app.port)
    assert ports.count(store) == 4, "those that were out before the first answer"
    assert ports.count(app) == 8
    assert control.stored_parts() - before == 8
    expect_same_file(remote_home, film, tmp_path)


def test_a_store_that_allows_the_page_gets_every_part_directly(
    remote_home: Page, endpoint: Endpoint, tmp_path: Path
) -> None:
    film = random_file(tmp_path / "film.mp4", 120_000_000)
    ports = watch_puts(remote_home)
    choose(remote_home, film)
    card = wait_until_done(remote_home, film.name)
    expect(card).not_to_contain_text("Sent through this app")
    assert set(ports) == {str(urlsplit(endpoint.url).port)}
    expect_same_file(remote_home, film, tmp_path)


def test_a_film_reaches_ceph_through_the_app(
    page: Page, ceph: Engine, own_app_server: AppServer, tmp_path: Path
) -> None:
    """The bucket's CORS rule names another page, as a bucket's rule does that nobody prepared."""
    with running_ceph_api(ceph) as settings:
        own_app_server.environment.update(settings)
        own_app_server.start()
        page.goto(own_app_server.url)
        sign_in(page, own_app_server.password)
        expect_signed_in(page)
        film = random_file(tmp_path / "film.mp4", 120_000_000)
        choose(page, film)
        card = wait_until_done(page, film.name)
        expect(card).to_contain_text("Sent through this app")
        expect_same_file(page, film, tmp_path)


def test_the_relay_can_be_chosen(remote_home: Page, remote_app: AppServer, tmp_path: Path) -> None:
    unfold(remote_home, "Advanced: how files are sent")
    remote_home.get_by_role("radiogroup").get_by_text("Through this app", exact=True).click()
    photo = random_file(tmp_path / "photo.bin", 3_000_000)
    ports = watch_puts(remote_home)
    choose(remote_home, photo)
    wait_until_done(remote_home, photo.name)
    assert set(ports) == {str(remote_app.port)}
    expect_same_file(remote_home, photo, tmp_path)
