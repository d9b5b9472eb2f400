"""The app with its own service, whose temp files are in a bucket of a real Ceph store."""

from pathlib import Path

from playwright.sync_api import Page

from tests.app_server import AppServer
from tests.browser.conftest import expect_signed_in, sign_in
from tests.browser.steps import choose, expect_same_file, link_of, random_file, wait_until_done
from tests.s3.engines import BUCKET, Ceph


def test_files_go_to_the_bucket(
    page: Page, ceph: Ceph, own_app_server: AppServer, tmp_path: Path
) -> None:
    own_app_server.environment.update(
        TFW_S3_ENDPOINT=ceph.base_url,
        TFW_S3_BUCKET=BUCKET.strip("/"),
        TFW_S3_REGION=ceph.key.region,
        TFW_S3_ACCESS_KEY=ceph.key.key_id,
        TFW_S3_SECRET_KEY=ceph.key.secret,
        TFW_SINGLE_LIMIT="6000000",
    )
    own_app_server.start()
    page.goto(own_app_server.url)
    sign_in(page, own_app_server.password)
    expect_signed_in(page)
    for size in (1_000_000, 12_000_000):
        file = random_file(tmp_path / f"{size}.bin", size)
        choose(page, file)
        wait_until_done(page, file.name)
        assert link_of(page, file.name).startswith(f"{ceph.base_url}{BUCKET}/temp-files/")
        expect_same_file(page, file, tmp_path)
    assert not list((own_app_server.data_dir / "files").iterdir())
    assert ceph.key.secret not in page.content()
    assert ceph.key.secret not in own_app_server.log_file.read_text()
