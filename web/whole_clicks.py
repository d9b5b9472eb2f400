"""Clicks are carried out whole, however many events come meanwhile.

When something new comes, Streamlit ends what is running at the next use of `st.session_state`: also
just before the callbacks of what was clicked, which are not called then, or in the middle of one,
which has done half of its work then. And with `runner.fastReruns` it drops a click whose run has
not begun. So here the callbacks come to their end first, and the setting is off
(.streamlit/config.toml): one thread runs a tab's script, and what comes meanwhile waits for it,
together with the clicks in it.

What a page's body does after a click may still be cut off: an `if st.button()` may be missed.
"""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType


class WholeClickRunner(ScriptRunner):
    """Streamlit's runner of a tab's script, which hears of new events after the callbacks."""

    def __init__(self, *args: object, initial_rerun_data: RerunData, **options: object) -> None:
        """Make a runner, with what waits for it in `_Requests`."""
        super().__init__(*args, initial_rerun_data=initial_rerun_data, **options)  # pyright: ignore[reportArgumentType]
        self._requests = _Requests()
        self._requests.request_rerun(initial_rerun_data)

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
    """What waits to be run: a page that was clicked on is not left for an `st.rerun()` of this one.

    Streamlit makes one of the two and takes the page of the later, which is the script's own.
    """

    def _request_rerun_locked(self, new_data: RerunData) -> bool:
        waiting = self._rerun_data
        if (
            self._state is ScriptRequestType.RERUN
            and not (waiting.fragment_id_queue or waiting.is_fragment_scoped_rerun)
            and _is_own_rerun(new_data)
        ):
            return True  # what waits runs everything
        return super()._request_rerun_locked(new_data)


def _is_own_rerun(data: RerunData) -> bool:
    """Tell an `st.rerun()` of the page on show from what a browser or `st.switch_page()` asks."""
    context = get_script_run_ctx(suppress_warning=True)
    return (
        context is not None
        and data.page_script_hash == context.page_script_hash
        and not (data.widget_states and data.widget_states.widgets)
    )


def carry_out_whole_clicks() -> None:
    """Have every tab that is opened from now on run so."""
    app_session.ScriptRunner = WholeClickRunner  # pyright: ignore[reportPrivateImportUsage]
