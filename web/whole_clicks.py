"""Changes Streamlit so that no new event cuts off a click's callbacks, and no slow run blocks one.

When something new comes, Streamlit ends what is running at the next use of `st.session_state`: also
just before the callbacks of what was clicked, which are not called then, or in the middle of one,
which has done half of its work then. And with `runner.fastReruns` it drops a click whose run has
not begun. So here the callbacks come to their end first, and the setting is off
(.streamlit/config.toml): one thread runs a tab's script, and what comes meanwhile waits for it,
together with the clicks in it.

Where a run comes to no end, because an endpoint does not answer, it is overtaken: what waits is run
by a thread of its own. What was asked of the endpoint still comes to its end and is drawn then.

A click in a fragment is forgotten by Streamlit where a run of the page, which the person has not
seen yet, drew that fragment in another place or not at all. Here the whole page is run for it.

A page that was left stays left, although the browser names it until the next one is drawn: a click
that is told late is carried out on the way to the next page, and a timer's message runs nothing.

What a page's body does after a click may still be cut off: an `if st.button()` may be missed.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session, websocket_session_manager
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.scriptrunner import (
    RerunData,
    ScriptRunner,
    ScriptRunnerEvent,
    get_script_run_ctx,
)
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)

PATIENCE = 2.0
"""Seconds that a click waits for a run which comes to no end."""
_LOOK = 0.5
"""Seconds between two looks whether nothing is run."""
_EARLY = 0.1
"""Seconds that the event loop's timer may go off before its time; its clock counts in ms."""


class WholeClickRunner(ScriptRunner):
    """Streamlit's runner of a tab's script, which takes new events only after the callbacks."""

    def __init__(self, *args: object, initial_rerun_data: RerunData, **options: object) -> None:
        """Make a runner, with what waits for it in `_Requests`."""
        super().__init__(*args, initial_rerun_data=initial_rerun_data, **options)  # pyright: ignore[reportArgumentType]
        self._requests: _Requests = _Requests(self._fragment_storage)  # pyrefly: ignore
        self._requests.request_rerun(initial_rerun_data)

    def hand_over(self) -> RerunData | None:
        """Stop the run if a click has waited for too long, and return what waits; else None."""
        return self._requests.hand_over()

    @property
    def taken(self) -> float:
        """When the present run was taken from the queue, or just before: monotonic seconds."""
        return self._requests.taken

    def _maybe_handle_execution_control_request(self) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        if context is None or context.has_script_started:
            super()._maybe_handle_execution_control_request()

    def _enqueue_forward_msg(self, msg: ForwardMsg) -> None:
        # `st.rerun()` and `st.switch_page()` draw nothing, to end the callback that called them.
        if msg.delta.new_element.HasField("empty"):
            super()._maybe_handle_execution_control_request()
        super()._enqueue_forward_msg(msg)


class _Requests(ScriptRequests):
    """The runs that wait; an `st.rerun()` does not replace a click that leads to another page.

    Streamlit makes one of the two and takes the page of the later, which is the script's own. And
    what was clicked in a fragment that is gone once it is run runs the whole page.
    """

    def __init__(self, fragments: FragmentStorage) -> None:
        super().__init__()
        self.taken = 0.0
        self._fragments = fragments
        self._clicked: float | None = None  # when the first of what waits came, timers not counted

    def hand_over(self) -> RerunData | None:
        with self._lock:
            clicked = self._clicked
            if self._state is not ScriptRequestType.RERUN or clicked is None:
                return None
            if time.monotonic() - clicked < PATIENCE - _EARLY:
                return None
            self._state = ScriptRequestType.STOP
            # A whole run: the one that is stopped may have been one, and has not come to its end.
            return _of_whole_page(self._rerun_data)

    def on_scriptrunner_ready(self) -> ScriptRequest:
        """Return what to run next; see `ScriptRequests`."""
        self.taken = time.monotonic()
        request = super().on_scriptrunner_ready()
        if request.type is not ScriptRequestType.RERUN:
            return request
        data = request.rerun_data
        if all(self._fragments.contains(fragment) for fragment in data.fragment_id_queue):
            return request
        return ScriptRequest(request.type, _of_whole_page(data))

    def on_scriptrunner_yield(self) -> ScriptRequest | None:
        """Return what to run in the place of what is run; see `ScriptRequests`."""
        now = time.monotonic()
        request = super().on_scriptrunner_yield()
        if request is not None:
            self.taken = now
        return request

    def _request_rerun_locked(self, new_data: RerunData) -> bool:
        waiting = self._rerun_data
        if self._state is not ScriptRequestType.RERUN:
            self._clicked = None
        if self._clicked is None and not new_data.is_auto_rerun:
            self._clicked = time.monotonic()
        if (
            self._state is ScriptRequestType.RERUN
            and not (waiting.fragment_id_queue or waiting.is_fragment_scoped_rerun)
            and _is_own_rerun(new_data)
        ):
            return True  # what waits runs everything
        return super()._request_rerun_locked(new_data)


def _of_whole_page(data: RerunData) -> RerunData:
    return replace(data, fragment_id_queue=[], is_fragment_scoped_rerun=False)


def _is_own_rerun(data: RerunData) -> bool:
    """Return whether this is an `st.rerun()`: no browser's event, no `st.switch_page()`."""
    context = get_script_run_ctx(suppress_warning=True)
    return (
        context is not None
        and data.page_script_hash == context.page_script_hash
        and not (data.widget_states and data.widget_states.widgets)
    )


class WholeClickSession(AppSession):
    """Streamlit's session of a tab, which does not wait for a run that does not end."""

    _left: "_Left | None" = None

    def __init__(self, *args: Any, **options: Any) -> None:
        """Make the session of a tab that is opened."""
        self._begun: dict[str, float] = {}  # `WholeClickRunner.taken` of each page's last run
        super().__init__(*args, **options)

    def request_rerun(self, client_state: ClientState | None) -> None:
        """Have the script run; see `AppSession.request_rerun`."""
        page, late = self._client_state.page_script_hash, None
        if client_state is not None:
            late = self._left_by_then(client_state)
            if late and client_state.is_auto_rerun:
                return
            if late:
                late.send_on(client_state)
            if not (client_state.is_auto_rerun or self.has_fragment(client_state.fragment_id)):
                client_state.fragment_id = ""
        super().request_rerun(client_state)
        if client_state is not None and not late:
            leaves = client_state.page_script_hash not in ("", page)
            self._left = _Left(page, client_state, time.monotonic()) if leaves else None
        runner = self._scriptrunner
        if isinstance(runner, WholeClickRunner):
            self._event_loop.call_later(PATIENCE, self._overtake, runner)

    def _left_by_then(self, state: ClientState) -> "_Left | None":
        """Return where the person went if they had left a message's page before it came, else None.

        Whoever goes back says so first, and whom the script sends back is shown a run of that page.
        """
        left = self._left
        if left is None or left.page != state.page_script_hash:
            return None
        is_shown_again = self._begun.get(left.page, 0.0) > left.moment
        widgets = state.widget_states.widgets
        clicks = any(widget.trigger_value or widget.json_trigger_value for widget in widgets)
        return left if (state.is_auto_rerun or clicks) and not is_shown_again else None

    def _on_scriptrunner_event(
        self, sender: ScriptRunner | None, event: ScriptRunnerEvent, *args: Any, **details: Any
    ) -> None:
        if event is ScriptRunnerEvent.SCRIPT_STARTED and isinstance(sender, WholeClickRunner):
            self._begun[details["page_script_hash"]] = sender.taken
        super()._on_scriptrunner_event(sender, event, *args, **details)

    def _overtake(self, runner: WholeClickRunner) -> None:
        if self._scriptrunner is not runner:
            return
        waiting = runner.hand_over()
        if waiting is not None:
            runner.on_event.connect(self._hear_of_end)
            self._scriptrunner = None
            self._create_scriptrunner(waiting)

    def _hear_of_end(
        self, _runner: ScriptRunner, event: ScriptRunnerEvent, **_details: object
    ) -> None:
        if event is ScriptRunnerEvent.SHUTDOWN:
            self._call_soon_on_event_loop(self._draw_anew)

    def _draw_anew(self) -> None:
        """Run the script again for what an overtaken run has found, once nothing else runs."""
        if self._state is AppSessionState.SHUTDOWN_REQUESTED:
            return
        if self._scriptrunner is None:
            self.request_rerun(self._client_state)
        else:
            self._event_loop.call_later(_LOOK, self._draw_anew)


@dataclass(frozen=True)
class _Left:
    """A page that a person has left: what asked for another one, and when (monotonic seconds).

    What is taken from what waits after that moment is a run of that other page, or of a later one.
    """

    page: str
    to: ClientState
    moment: float

    def send_on(self, state: ClientState) -> None:
        """Correct a message that names the page which was left."""
        state.page_script_hash, state.page_name = self.to.page_script_hash, self.to.page_name
        state.query_string, state.fragment_id = self.to.query_string, ""


def carry_out_whole_clicks() -> None:
    """Use these classes for every tab that is opened from now on."""
    app_session.ScriptRunner = WholeClickRunner  # pyright: ignore[reportPrivateImportUsage]
    websocket_session_manager.AppSession = WholeClickSession  # pyright: ignore[reportPrivateImportUsage]
