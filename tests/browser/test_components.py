"""What Streamlit and the components in the browser hold each other to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.app_server import AppServer
from tests.browser.background.background_steps import wait_for_result
from tests.browser.conftest import home_of
from tests.browser.steps import send_sample_video, wait_until_done

# In a component's place: one whose calls are each overtaken by newer data. Streamlit ends such a
# call as soon as it has been answered, and goes on with the newer one.
OVERTAKEN = """
import real from "./{script}?real"
export default (call) => {{
  const overtaken = real(call)
  const last = real(call)
  overtaken?.()
  return last
}}
"""


@pytest.fixture
def overtaken(
    context: BrowserContext, app_server: AppServer, signed_in_state: dict[str, object]
) -> Iterator[Page]:
    """The upload page, where each call of a component is overtaken by another."""

    def answer(route: Route) -> None:
        script = route.request.url.rpartition("/")[2]
        route.fulfill(content_type="text/javascript", body=OVERTAKEN.format(script=script))

    def is_entry(url: str) -> bool:
        folder, _, script = url.rpartition("/")
        name = folder.rpartition("/temp-file-workbench.")[2]
        return script.startswith(f"{name}.") and script.endswith(".js")

    context.route(is_entry, answer)
    yield home_of(context, app_server, signed_in_state)
    context.unroute_all()


def test_a_call_overtaken_by_newer_data_leaves_the_component_on_the_page(overtaken: Page) -> None:
    page = overtaken
    wait_until_done(page, send_sample_video(page, "12 MB"))
    expect(page.get_by_role("button", name="Copy link").first).to_be_visible()
    page.get_by_role("link", name="Background", exact=True).click()
    page.get_by_role("button", name="Sample: drawn").click()
    wait_for_result(page)
    expect(page.get_by_role("figure")).to_be_visible()
    page.get_by_role("link", name="Playground", exact=True).click()
    expect(page.get_by_role("textbox", name="GraphQL operations")).to_be_visible()
