"""What belongs to the visitor: who they are, the connection they use and what it did."""

from pathlib import Path

import streamlit as st

from client.api import Api
from client.connection import Connection, connection_from_settings
from client.exchange import ExchangeLog
from client.saved_operations import OperationStore
from client.transfers import BrowserTransfers, TransferRegistry
from cutout.engines import EngineChoice
from cutout.jobs import CutOutJobs
from settings import Settings, read_settings

_PICTURES_WAITING = 100
"""Pictures of all visitors that may wait for their turn; each holds a thread."""


@st.cache_resource
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()


@st.cache_resource(on_release=TransferRegistry.close)
def transfer_registry() -> TransferRegistry:
    """Return the transfers of all visitors; each sees their own only."""
    return TransferRegistry(settings().data_dir)


@st.cache_resource(on_release=CutOutJobs.close)
def cut_out_jobs() -> CutOutJobs:
    """Return what works on pictures here, for the pages' previews and changes."""
    model = settings().background_model
    engine = EngineChoice(Path(model) if model else None, settings().background_model_kind)
    return CutOutJobs(waiting=_PICTURES_WAITING, engine=engine)


@st.cache_resource(on_release=OperationStore.close)
def operation_store() -> OperationStore:
    """Return what all visitors wrote in the playground; each sees their own only."""
    return OperationStore(settings().data_dir)


def username() -> str:
    """Return the name the visitor signed in with."""
    return str(st.user["username"])


def may_upload() -> bool:
    """Return whether the visitor may do more than look (roles of design decision 14)."""
    return not {"uploader", "admin"}.isdisjoint(_roles())


def is_admin() -> bool:
    """Return whether the visitor may do what concerns everybody (design decision 14)."""
    return "admin" in _roles()


def _roles() -> list[str]:
    return str(st.user["roles"]).split(",")


def connection() -> Connection:
    """Return the endpoint that the pages talk to."""
    return api().connection


def exchange_log() -> ExchangeLog:
    """Return the record of this visit's requests."""
    return st.session_state.setdefault("exchange_log", ExchangeLog())


def api() -> Api:
    """Return this visit's client of the endpoint."""
    if "api" not in st.session_state:
        st.session_state["api"] = Api(connection_from_settings(settings()), exchange_log())
    return st.session_state["api"]


def browser_transfers() -> BrowserTransfers:
    """Return what this visitor's browser is sending."""
    if "browser_transfers" not in st.session_state:
        st.session_state["browser_transfers"] = BrowserTransfers(
            api(), transfer_registry(), username(), exchange_log()
        )
    return st.session_state["browser_transfers"]
