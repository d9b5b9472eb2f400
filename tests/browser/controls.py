"""The controls of a page as people see them: where they are, what they say, how they are called."""

from typing import Any, NamedTuple

from playwright.sync_api import CDPSession, Page

ROLES = {
    "DisclosureTriangle",
    "button",
    "checkbox",
    "combobox",
    "link",
    "menuitem",
    "option",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}
FIRST_TOP = """() => {
  const control = 'a[href], button, input, select, summary, textarea'
  const found = (root) => [...root.querySelectorAll('*')].flatMap((element) =>
    [...(element.matches(control) ? [element] : []),
     ...(element.shadowRoot ? found(element.shadowRoot) : [])])
  const tops = found(document.querySelector('[data-testid=stMain]'))
    .map((element) => (element.labels?.[0] ?? element).getBoundingClientRect())
    .filter((box) => box.width > 1 && box.height > 1)
    .map((box) => box.top)
  return Math.min(...tops)
}"""
# The words of a control that can be seen: its own, or its labels'. Icons are letters of a font.
VISIBLE_WORDS = """function () {
  const words = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const texts = []
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const around = text.parentElement
      const range = document.createRange()
      range.selectNode(text)
      const { width, height } = range.getBoundingClientRect()
      const isIcon = getComputedStyle(around).fontFamily.includes('Material Symbols')
      const isChoice = around.closest('option')
      if (width > 1 && height > 1 && !isIcon && !isChoice
        && around.checkVisibility({ visibilityProperty: true })) texts.push(text.data)
    }
    return texts.join(' ')
  }
  if (this.isContentEditable) return '' // what stands in it is its value
  const box = this.getBoundingClientRect()
  const isField = this.matches('input, select, textarea')
  if (this.role === 'textbox' && !isField) return '' // the same, where it may only be read
  const title = this.closest('[data-testid=stElementContainer]')
    ?.querySelector('[data-testid=stWidgetLabel]')
  const labels = [...(this.labels ?? [])]
  const sources = isField ? (labels.length ? labels : title ? [title] : []) : [this]
  return box.width ? sources.map(words).join(' ') : ''
}"""


CODE_MIRROR = " Action: "
"""What CodeMirror's lint panel calls every action before its name."""
REQUIRED = " (required)"
"""What Streamlit writes after the label of such a field, which says so to assistive technology."""


class Control(NamedTuple):
    """A control: its role, its accessible name, and the words that can be seen of it."""

    role: str
    name: str
    words: str

    @property
    def is_called_as_it_reads(self) -> bool:
        """Whether its name begins with the words that can be seen (WCAG 2.5.3)."""
        name = self.name.removeprefix(CODE_MIRROR)
        return _plain(name).startswith(_plain(self.words.removesuffix(REQUIRED)))


def first_control_top(page: Page) -> float:
    """Return how far below the window's top the first control of the page begins."""
    page.wait_for_function(f"() => ({FIRST_TOP})() < Infinity")  # our components bring theirs later
    return page.evaluate(FIRST_TOP)


def controls(page: Page) -> list[Control]:
    """Return every control that has words to be seen, as the accessibility tree has it."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = _ask(session, "Accessibility.getFullAXTree")["nodes"]
        found = [
            _control(session, node)
            for node in nodes
            if not node["ignored"] and node["role"]["value"] in ROLES
        ]
    finally:
        session.detach()
    return [control for control in found if _plain(control.words)]


def _control(session: CDPSession, node: Any) -> Control:
    """Return a control with the name and the words that it has at one moment.

    The tree is read before the words, so that what counts seconds may have another name by then.
    """
    number = node["backendDOMNodeId"]
    control = Control(node["role"]["value"], _name(node), _visible_words(session, number))
    while not control.is_called_as_it_reads:
        [now] = _ask(
            session, "Accessibility.getPartialAXTree", backendNodeId=number, fetchRelatives=False
        )["nodes"]
        if _name(now) == control.name:
            break
        control = Control(control.role, _name(now), _visible_words(session, number))
    return control


def _name(node: Any) -> str:
    return str(node.get("name", {}).get("value", ""))


def _visible_words(session: CDPSession, node: int) -> str:
    resolved = _ask(session, "DOM.resolveNode", backendNodeId=node)
    called = _ask(
        session,
        "Runtime.callFunctionOn",
        objectId=resolved["object"]["objectId"],
        functionDeclaration=VISIBLE_WORDS,
        returnByValue=True,
    )
    return str(called["result"].get("value", ""))


def _ask(session: CDPSession, method: str, **parameters: object) -> Any:
    return session.send(method, parameters)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] # a bare Dict


def _plain(text: str) -> str:
    """Letters and digits in lower case: what a speech program compares."""
    return "".join(filter(str.isalnum, text.lower()))
