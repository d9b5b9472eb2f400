"""Makes the JavaScript and CSS files of a component known to Streamlit.

Streamlit finds component files by scanning installed packages. This project is run from its
checkout, so the same registration is done here, on the runtime that is active: that also makes
components work under `AppTest`, which starts a runtime of its own for every test.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.components import v2
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

PROJECT = "temp-file-workbench"
FOLDER = Path(__file__).parent
TOOLKIT = FOLDER / "toolkit"


def component(name: str) -> "ComponentRenderer":
    """Return the mount function of the component whose files are in a folder called `<name>`.

    That is `<name>.js`, or `<name>.<hash>.js` for a bundle, and `<name>.css`. The files are served
    from our own origin, so they run under `script-src 'self'`.
    """
    register_components()
    return _mount(name)


def register_components() -> None:
    """Make every component known to the active runtime, if it is not yet; its files are served."""
    manager = get_bidi_component_manager()
    if any(manager.get_component_asset_root(f"{PROJECT}.{name}") is None for name in _scripts()):
        manager.register_from_manifest(_manifest(), FOLDER)


def script_address(name: str) -> str:
    """Return the path that Streamlit serves the script of the component `name` at."""
    return f"/_stcore/bidi-components/{PROJECT}.{name}/{_scripts()[name].name}"


@cache
def _mount(name: str) -> "ComponentRenderer":
    """Look the files up once: that takes 30 system calls, and a run mounts several components.

    What is returned registers itself with whichever runtime is active when it is called.
    """
    return v2.component(f"{PROJECT}.{name}", js=_scripts()[name].name, css=f"{name}.css")


def _manifest() -> ComponentManifest:
    """Name every component at once, since their JavaScript imports each other's files.

    One component's script asks for a file of another as `../temp-file-workbench.<name>/<file>`:
    that is where it is served. The toolkit has such files only, and is no component itself.
    """
    folders = {name: script.parent for name, script in _scripts().items()} | {TOOLKIT.name: TOOLKIT}
    components = [
        ComponentConfig(name=name, asset_dir=folder.relative_to(FOLDER).as_posix())
        for name, folder in folders.items()
    ]
    return ComponentManifest(name=PROJECT, version="0", components=components)


@cache
def _scripts() -> dict[str, Path]:
    """Return each component's script by the component's name."""
    scripts = FOLDER.glob("**/*.js")
    return {
        path.parent.name: path for path in scripts if path.name.split(".")[0] == path.parent.name
    }
