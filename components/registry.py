"""Makes the JavaScript and CSS files beside a component known to Streamlit.

Streamlit finds component files by scanning installed packages. This project is run from its
checkout, so the same registration is done here, on the runtime that is active: that also makes
components work under `AppTest`, which starts a runtime of its own for every test.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

PROJECT = "temp-file-workbench"
FOLDER = Path(__file__).parent


def component(name: str) -> "ComponentRenderer":
    """Return the mount function of the component in `components/<name>/<name>.js` and `.css`.

    The files are served from our own origin, so they run under `script-src 'self'`.
    """
    manager = get_bidi_component_manager()
    full_name = f"{PROJECT}.{name}"
    if manager.get_component_asset_root(full_name) is None:
        config = ComponentConfig(name=name, asset_dir=name)
        manifest = ComponentManifest(name=PROJECT, version="0", components=[config])
        manager.register_from_manifest(manifest, FOLDER)
    return st.components.v2.component(full_name, js=f"{name}.js", css=f"{name}.css")
