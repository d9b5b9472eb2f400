"""What this project uses of libraries beyond their documentation, all of it, each with its reason.

A library may change such a thing in any release, so the versions are pinned, and these tests name
what a new version has changed. They also fail where something new is used that is not listed here.
"""

import ast
import inspect
import re
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from textwrap import dedent
from typing import Any

import pytest
import streamlit
from urllib3.connection import HTTPConnection

ROOT = Path(__file__).parents[1]
LIBRARIES = {"streamlit", "streamlit_authenticator", "uvicorn", "urllib3", "websockets", "xdist"}
# Modules that these libraries document.
DOCUMENTED = {
    "streamlit",
    "streamlit.components.v2",
    "streamlit.testing.v1",
    "uvicorn",
    "urllib3",
    "urllib3.connection",
    "urllib3.exceptions",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util",
    "websockets",
    "websockets.exceptions",
    "websockets.sync.client",
    "websockets.typing",
}
PROTOCOL = "service/http/protocol.py"
TIMINGS = "client/wire/timings.py"
CLICKS = "web/whole_clicks.py"
REGISTRY = "components/registry.py"
SOCKET = "web/socket_protocol.py"


@dataclass(frozen=True)
class Use:
    """One thing of a library that is used although it is not documented.

    Attributes:
        of: a class, function or module, written as in `pkgutil.resolve_name`.
        names: what is used of it: attributes, methods, parameters, fields of a message.
        where: the files that use it, or the folders, ending with "/".
        why: what it is needed for.
        instead: what the library documents for this, and why that is not enough.
    """

    of: str
    names: str
    where: tuple[str, ...]
    why: str
    instead: str


USES = (
    # uvicorn
    Use(
        "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol",
        "_get_upgrade _should_upgrade connection_lost connection_made cycle data_received flow "
        "headers loop on_body on_header on_headers_complete on_message_begin on_message_complete "
        "on_url parser scope send_400_response timeout_keep_alive_task transport url",
        (PROTOCOL,),
        "bounds a request's head, declines other protocols, answers a request that more bytes "
        "follow than it announced, and hands a body's socket to a thread (a third faster)",
        "`uvicorn.Config` bounds no head and takes whole protocol classes only",
    ),
    Use(
        "uvicorn.protocols.http.httptools_impl:RequestResponseCycle",
        "body disconnected keep_alive more_body response_complete response_started scope "
        "waiting_for_100_continue",
        (PROTOCOL,),
        "tells whether a request still waits for its answer, and takes over its body",
        "ASGI tells an application no more than its own messages",
    ),
    Use(
        "uvicorn.protocols.http.flow_control:FlowControl",
        "pause_reading resume_reading",
        (PROTOCOL,),
        "nobody may make the event loop read a socket that a thread reads",
        "none",
    ),
    Use(
        "uvicorn:Server",
        "_captured_signals handle_exit on_tick run server_state shutdown",
        ("service/http/server.py",),
        "readiness ends before the listener does; late requests are cut off, not cancelled",
        "`timeout_graceful_shutdown` closes the listener at once",
    ),
    Use("uvicorn.server:ServerState", "connections tasks", ("service/http/server.py",),
        "what is still running when patience ends", "none"),
    Use(
        "uvicorn.protocols.websockets.websockets_sansio_impl:WebSocketsSansIOProtocol",
        "config conn handle_connect handshake_complete scope",
        (SOCKET,),
        "a stranger's message may be small only, and one who signed in may send large ones",
        "`ws_max_size` is one limit for all",
    ),
    # websockets
    Use("websockets.protocol:Protocol", "max_message_size", (SOCKET,),
        "the limit of one connection, changed when somebody signed in", "`max_size`, set once"),
    Use("websockets.http11", "MAX_LINE_LENGTH parse_line", (SOCKET,),
        "a handshake with many cookies has lines of more than 8 KB",
        "the variable WEBSOCKETS_MAX_LINE_LENGTH, which who starts the app would have to set"),
    Use("websockets.http11:Request", "", (SOCKET,), "the type of a parameter", "none"),
    # urllib3
    Use(
        "urllib3.connection:HTTPConnection",
        "_new_conn connect getresponse is_connected request socket_options",
        (TIMINGS,),
        "measures each phase of a request, and finds idle connections that are over",
        "none: requests and urllib3 tell the time of a whole request only",
    ),
    Use("urllib3.connection:HTTPSConnection", "connect", (TIMINGS,),
        "measures the handshake of TLS", "none"),
    Use("urllib3:HTTPConnectionPool", "ConnectionCls pool", (TIMINGS,),
        "makes the connections above, and looks through those that are idle", "none"),
    Use("urllib3:HTTPSConnectionPool", "ConnectionCls", (TIMINGS,), "the same over TLS", "none"),
    Use("urllib3.poolmanager:PoolManager", "pool_classes_by_scheme pools", (TIMINGS,),
        "makes the pools above", "none"),
    # Streamlit's components
    Use(
        "streamlit.components.v2.get_bidi_component_manager:get_bidi_component_manager",
        "",
        (REGISTRY,),
        "registers components that are in no installed package",
        "`st.components.v2.component` with a package that is installed; ours runs from a checkout",
    ),
    Use("streamlit.components.v2.component_manager:BidiComponentManager",
        "get_component_asset_root register_from_manifest", (REGISTRY,),
        "the same", "the same"),
    Use("streamlit.components.v2.manifest_scanner:ComponentConfig", "asset_dir name", (REGISTRY,),
        "the same", "the same"),
    Use("streamlit.components.v2.manifest_scanner:ComponentManifest", "components name version",
        (REGISTRY,), "the same", "the same"),
    Use("streamlit.components.v2.manifest_scanner", "scan_component_manifests",
        ("tests/conftest.py",),
        "`AppTest` reads about every installed package each time; in tests once is enough", "none"),
    Use("streamlit.components.v2.types:ComponentRenderer", "", (REGISTRY,), "a type", "none"),
    Use("streamlit.delta_generator:DeltaGenerator", "",
        ("components/assets/grid.py", "components/upload/uploader/choices.py"), "a type", "none"),
    Use("streamlit.navigation.page:StreamlitPage", "", ("main.py",), "a type", "none"),
    Use("streamlit.runtime:get_instance", "",
        ("components/common/media.py", "components/playground/editor/editor.py"),
        "a picture or a schema goes to the browser by an address of its own",
        "`st.image` and the like, which draw an element as well"),
    Use("streamlit.runtime.media_file_manager:MediaFileManager.add",
        "path_or_data mimetype coordinates",
        ("components/common/media.py", "components/playground/editor/editor.py"),
        "the same", "the same"),
    # how Streamlit starts
    Use("streamlit.config", "_server_mode get_option set_option",
        ("web/launch.py", "tests/web/test_launch.py"),
        "sets options from our settings, and knows `streamlit run app.py`",
        "`st.set_option` refuses the server's options"),
    Use("streamlit.runtime.pages_manager:PagesManager", "uses_pages_directory", ("web/launch.py",),
        "a page asked for by its address before anything else must not run without main.py",
        "`st.navigation`, which says so only once it has run"),
    # visits of Streamlit's pages
    Use("streamlit.runtime:Runtime",
        "exists instance mark_session_nonresumable uploaded_file_mgr",
        ("main.py", "web/field_uploads.py"),
        "forgets a signed-out tab when it closes, and counts what upload fields hold",
        "`server.disconnectedSessionTTL` is for all tabs; `server.maxUploadSize` is for one file"),
    Use("streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager", "file_storage",
        ("web/field_uploads.py",), "counts what upload fields hold", "the same"),
    Use("streamlit.runtime.uploaded_file_manager:UploadedFileRec", "data",
        ("web/field_uploads.py",), "the same", "the same"),
    Use("streamlit.runtime.scriptrunner:get_script_run_ctx", "suppress_warning",
        ("components/session.py", "components/unexpected.py", "main.py", CLICKS),
        "knows whether, and in which state, a script runs in this thread", "none"),
    Use("streamlit.runtime.scriptrunner_utils.script_run_context:ScriptRunContext",
        "cached_message_hashes context_info has_script_started page_script_hash query_string "
        "script_requests session_id",
        ("components/unexpected.py", "main.py", CLICKS),
        "draws the page after a callback that failed; tells callbacks from the script",
        "`st.rerun`, which works by an exception that nobody would catch there"),
    Use("streamlit.errors:FragmentHandledException", "", ("components/unexpected.py",),
        "what failed in a fragment has been drawn already", "none"),
    Use("streamlit.logger:get_logger", "", ("components/unexpected.py",),
        "our lines look like Streamlit's own in one log", "`logging.getLogger`"),
    Use("streamlit.runtime.scriptrunner:StopException", "", ("tests/components/test_task.py",),
        "what ends a run", "none"),
    # clicks on Streamlit's pages
    Use("streamlit.runtime.scriptrunner:ScriptRunner",
        "_enqueue_forward_msg _fragment_storage _maybe_handle_execution_control_request _requests "
        "on_event",
        (CLICKS,),
        "a click is carried out whole, whatever comes meanwhile",
        "`runner.fastReruns`, which is off; it ends a callback in its middle all the same"),
    Use("streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequests",
        "_lock _request_rerun_locked _rerun_data _state on_scriptrunner_ready "
        "on_scriptrunner_yield request_rerun",
        (CLICKS,), "a click on another page goes before an `st.rerun` of this one", "none"),
    Use("streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequest", "type rerun_data",
        (CLICKS,), "the same", "none"),
    Use("streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequestType", "RERUN STOP",
        (CLICKS,), "the same", "none"),
    Use("streamlit.runtime.scriptrunner:RerunData",
        "cached_message_hashes context_info fragment_id_queue is_auto_rerun "
        "is_fragment_scoped_rerun page_script_hash query_string widget_states",
        (CLICKS, "components/unexpected.py"), "the same", "none"),
    Use("streamlit.runtime.scriptrunner:ScriptRunnerEvent", "SCRIPT_STARTED SHUTDOWN", (CLICKS,),
        "when a page was drawn last, and when an overtaken run ends", "none"),
    Use("streamlit.runtime.app_session:AppSession",
        "_call_soon_on_event_loop _client_state _create_scriptrunner _event_loop "
        "_on_scriptrunner_event _scriptrunner _state has_fragment request_rerun",
        (CLICKS,), "a run that comes to no end is overtaken by the next click", "none"),
    Use("streamlit.runtime.app_session:AppSession._on_scriptrunner_event", "page_script_hash",
        (CLICKS,), "which page a run is of", "none"),
    Use("streamlit.runtime.app_session:AppSessionState", "SHUTDOWN_REQUESTED", (CLICKS,),
        "a tab that was closed is drawn no more", "none"),
    Use("streamlit.runtime.fragment:FragmentStorage", "contains", (CLICKS,),
        "what was clicked in a fragment that is gone runs the whole page", "none"),
    Use("streamlit.runtime.app_session", "ScriptRunner", (CLICKS,),
        "the class that a session makes its runner of", "none"),
    Use("streamlit.runtime.websocket_session_manager", "AppSession", (CLICKS,),
        "the class that a tab's session is made of", "none"),
    # Streamlit: messages between browser and server
    Use("streamlit.proto.AutoRerun_pb2:AutoRerun", "fragment_id interval",
        ("web/live_sockets.py",),
        "a page whose sign-in has ended asks again by itself", "none"),
    Use("streamlit.proto.ForwardMsg_pb2:ForwardMsg",
        "auto_rerun delta navigation new_session script_finished",
        ("web/live_sockets.py", CLICKS, "tests/"), "reads and writes what a page is told", "none"),
    Use("streamlit.proto.BackMsg_pb2:BackMsg", "rerun_script", ("tests/",),
        "a tab without a browser", "`AppTest`, which has neither a server nor time"),
    Use("streamlit.proto.ClientState_pb2:ClientState",
        "context_info fragment_id is_auto_rerun page_name page_script_hash query_string "
        "widget_states",
        (CLICKS, "tests/"), "reads what a tab asks for", "none"),
    Use("streamlit.proto.ClientState_pb2:ContextInfo", "locale timezone timezone_offset url",
        ("tests/",), "a tab without a browser", "the same"),
    Use("streamlit.proto.Element_pb2:Element", "bidi_component empty exception", ("tests/",),
        "what a tab was told to draw", "the same"),
    Use("streamlit.proto.WidgetStates_pb2:WidgetState",
        "id json_trigger_value string_value trigger_value", (CLICKS, "tests/"),
        "tells a click from other news", "none"),
    Use("streamlit.proto.WidgetStates_pb2:WidgetStates", "widgets",
        ("components/unexpected.py", "tests/"), "the same", "none"),
    # streamlit-authenticator
    Use("streamlit_authenticator.controllers:AuthenticationController", "login",
        ("web/sign_in/check.py",),
        "checks a password",
        "`Authenticate.login`, which draws a form of its own and keeps its own cookie"),
    Use("streamlit_authenticator.controllers:AuthenticationController.__init__",
        "auto_hash credentials", ("web/sign_in/check.py",), "the same", "the same"),
    # pytest-xdist
    Use("xdist.scheduler:LoadScopeScheduling", "_split_scope", ("tests/conftest.py",),
        "a module stays on one worker, and what needs Ceph is one module",
        "`--dist loadgroup`, whose marks pytest 9.2 does not hand over"),
    Use("xdist.remote:Producer", "", ("tests/conftest.py",), "a type", "none"),
)  # fmt: skip

# What is looked up when a function is called, so that putting another in its place is heard.
REPLACED = (
    ("streamlit.runtime.app_session:AppSession._create_scriptrunner", "ScriptRunner"),
    (
        "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.connect_session",
        "AppSession",
    ),
    ("websockets.http11:parse_line", "MAX_LINE_LENGTH"),
)
# Names and addresses that are Streamlit's, and that our code spells out.
SPELT_OUT = {
    "web.server.starlette.starlette_routes:BASE_ROUTE_UPLOAD_FILE": "_stcore/upload_file",
    "web.server.starlette.starlette_routes:ROUTE_HEALTH": "_stcore/health",
    "web.server.starlette.starlette_routes:ROUTE_METRICS": "_stcore/metrics",
    "web.server.starlette.starlette_routes:_ROUTE_COMPONENTS_V2": (
        "_stcore/bidi-components/{path:path}"
    ),
    "web.server.starlette.starlette_websocket:_ROUTE_WEBSOCKET_STREAM": "_stcore/stream",
    "web.server.starlette.starlette_agent_routes:_ROUTE_AGENT_SCHEMA": "_stcore/agent/openapi.json",
    "runtime.state.common:GENERATED_ELEMENT_ID_PREFIX": "$$ID",
    "runtime.state.session_state:STREAMLIT_INTERNAL_KEY_PREFIX": "$$STREAMLIT_INTERNAL_KEY",
}
TEST_IDS = (
    b"stBidiComponent",
    b"stHeader",
    b"stHeading",
    b"stLogo",
    b"stLogoLink",
    b"stMain",
    b"stMainBlockContainer",
    b"stMarkdownContainer",
    b"stMultiSelect",
    b"stSidebarHeader",
)
PYTHON = {"_exit", "_replace"}
"""Underscores that Python itself documents, of `os` and of named tuples."""


@pytest.mark.parametrize("use", USES, ids=lambda use: use.of)
def test_the_library_has_what_is_used(use: Use) -> None:
    missing = set(use.names.split()) - names_of(resolve_name(use.of))
    assert not missing, f"{use.of} has no {missing} any more; used in {use.where} because {use.why}"


@pytest.mark.parametrize("use", USES, ids=lambda use: use.of)
def test_whoever_uses_it_exists(use: Use) -> None:
    assert all((ROOT / place).exists() for place in use.where)
    assert use.why
    assert use.instead


def test_every_import_of_what_is_not_documented_is_listed() -> None:
    listed = [(use.of, use.where) for use in USES]
    unlisted = [
        (file, imported)
        for file in sources()
        for imported in imports(file).values()
        if imported.partition(":")[0] not in DOCUMENTED
        and not any(imported == of and file.startswith(where) for of, where in listed)
    ]
    assert not unlisted


def test_every_name_of_a_class_that_ours_extend_is_listed() -> None:
    used = {
        (file, base, name)
        for file in sources()
        for base, names in extended(file)
        for name in names & names_of(resolve_name(base))
    }
    listed = {
        (place, use.of, name) for use in USES for place in use.where for name in use.names.split()
    }
    assert used
    assert not used - listed


def test_nothing_else_begins_with_an_underscore() -> None:
    ours = {
        name
        for file in sources()
        for name in re.findall(r"(?:self\.|def |^)(_\w+)", text(file), re.M)
    }
    listed = {name for use in USES for name in use.names.split()}
    foreign = {
        (file, name)
        for file in sources()
        for name in re.findall(r"[\w)\]]\.(_[a-z]\w*)", text(file))
        if name not in ours | listed | PYTHON
    }
    assert not foreign


@pytest.mark.parametrize(("function", "name"), REPLACED)
def test_what_is_put_in_the_place_of_another_is_called(function: str, name: str) -> None:
    assert name in resolve_name(function).__code__.co_names


@pytest.mark.parametrize(("constant", "value"), SPELT_OUT.items())
def test_streamlit_calls_it_so(constant: str, value: str) -> None:
    assert resolve_name(f"streamlit.{constant}") == value


def test_streamlit_tells_how_it_was_started() -> None:
    config = resolve_name("streamlit.config")
    assert '"starlette-app"' in config.__annotations__["_server_mode"].replace("'", '"')


def test_the_page_of_streamlit_has_the_places_that_page_head_changes() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    assert page.count(b"<html ") == page.count(b"</head>") == 1
    assert b"translate=" not in page.partition(b"</head>")[0]


def test_the_script_of_streamlit_has_the_names_that_we_look_for() -> None:
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    scripts = [path.read_bytes() for path in folder.glob("*.js")]
    assert [name for name in TEST_IDS if not any(name in script for script in scripts)] == []


def test_urllib3_reads_socket_options_between_looking_up_and_connecting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []
    look_up = socket.getaddrinfo

    class Options(list[tuple[int, int, int | bytes]]):
        def __iter__(self) -> Iterator[tuple[int, int, int | bytes]]:
            events.append("options")
            return super().__iter__()

    def noted(*arguments: Any, **options: Any) -> Any:
        events.append("lookup")
        return look_up(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = HTTPConnection("127.0.0.1", listener.getsockname()[1])
        connection.socket_options = Options()
        connection.connect()
        connection.close()
    assert events == ["lookup", "options"]


def test_xdist_can_keep_the_order_of_modules(pytestconfig: pytest.Config) -> None:
    if pytestconfig.pluginmanager.hasplugin("xdist"):
        assert hasattr(pytestconfig.option, "loadscopereorder")


@cache
def sources() -> tuple[str, ...]:
    """The Python files of the repository, by their path in it."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    paths = [ROOT / name for name in configuration["tool"]["pyright"]["include"]]
    files = [file for path in paths for file in (path.glob("**/*.py") if path.is_dir() else [path])]
    return tuple(
        file.relative_to(ROOT).as_posix() for file in files if "node_modules" not in file.parts
    )


@cache
def text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


@cache
def tree(file: str) -> ast.Module:
    """The syntax of a file; of nothing where it names none of the libraries."""
    return ast.parse(text(file) if any(name in text(file) for name in LIBRARIES) else "")


def of_libraries(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in LIBRARIES


@cache
def imports(file: str) -> dict[str, str]:
    """What a file imports of the libraries, as `resolve_name` reads it, by its name in the file."""
    found: dict[str, str] = {}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {
                one.asname or one.name: one.name for one in node.names if of_libraries(one.name)
            }
        elif isinstance(node, ast.ImportFrom) and of_libraries(node.module):
            for one in node.names:
                dotted = f"{node.module}.{one.name}"
                is_module = inspect.ismodule(resolve_name(dotted))
                found[one.asname or one.name] = dotted if is_module else f"{node.module}:{one.name}"
    return found


def extended(file: str) -> Iterator[tuple[str, set[str]]]:
    """The classes of libraries that a file extends, and what it names of itself in doing so."""
    bases_of: dict[str, list[str]] = {}
    for one in tree(file).body:
        if not isinstance(one, ast.ClassDef):
            continue
        for base in map(ast.unparse, one.bases):
            name, _, attribute = base.partition(".")
            foreign = imports(file).get(name)
            known = [f"{foreign}:{attribute}" if attribute else foreign] if foreign else []
            bases_of.setdefault(one.name, []).extend(known or bases_of.get(base, []))
        yield from ((base, named_in(one)) for base in bases_of.get(one.name, []))


def named_in(one: ast.ClassDef) -> set[str]:
    """What a class defines, and what its methods name of `self` and `super()`."""
    assigned = [node.targets for node in one.body if isinstance(node, ast.Assign)]
    names = {
        target.id for targets in assigned for target in targets if isinstance(target, ast.Name)
    }
    for node in ast.walk(one):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "super()"):
            names.add(node.attr)
    return names


@cache
def names_of(thing: Any) -> set[str]:
    """The names that a class, function, module or protobuf message of a library has."""
    if inspect.ismodule(thing):
        return set(vars(thing))
    if inspect.isfunction(thing):
        return set(inspect.signature(thing).parameters)
    if hasattr(thing, "DESCRIPTOR"):
        return set(thing.DESCRIPTOR.fields_by_name)
    names: set[str] = set()
    kinds: tuple[type, ...] = thing.__mro__
    for kind in kinds:
        if of_libraries(kind.__module__):
            names |= vars(kind).keys() | vars(kind).get("__annotations__", {}).keys()
            names |= set(assigned_in(ast.parse(dedent(inspect.getsource(kind)))))
    return {name for name in names if not name.startswith("__")}


def assigned_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
