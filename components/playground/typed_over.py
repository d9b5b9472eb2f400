"""What is typed into a box of the form while its value changes elsewhere.

The browser keeps what is being typed, whatever is drawn meanwhile. So a text that comes from a box
may have been made of a value that the box showed a moment ago; what changed since is kept too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_REMEMBERED = 3.0  # seconds: longer than a typing pause and the way here take


@dataclass
class TextBox:
    """The texts that a box may hold in the browser, the newest last: what it told and was shown.

    Attributes:
        texts: each with when it was first there.
    """

    texts: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    clock: Callable[[], float] = time.monotonic

    def holds(self, text: str) -> None:
        """Take down that the box shows or told this text."""
        now = self.clock()
        if not self.texts or self.texts[-1][0] != text:
            self.texts.append((text, now))
        # The end of one text is the beginning of the next.
        ended = [begun < now - _REMEMBERED for _, begun in self.texts[1:]]
        self.texts = self.texts[sum(ended) :]

    def told(self, typed: str, now: str) -> str:
        """Return the value to write where the box tells a text and the value is another by now."""
        # A box tells nothing of a text that it has not changed.
        bases = [text for text, _ in reversed(self.texts) if text != typed] or [now]
        base = min(bases, key=lambda text: _changed(text, typed))
        self.texts = []  # it holds this from now on, and later what becomes of it
        self.holds(typed)
        return brought_over(base, typed, now)


def brought_over(base: str, typed: str, now: str) -> str:
    """Return the text with what was typed into `base` typed into what it is now."""
    head, tail = _common_ends(base, typed)
    same_head, same_tail = _common_ends(base, now)
    gone = base[head : len(base) - tail]
    put = typed[head : len(typed) - tail]
    if head + len(gone) <= same_head:
        return now[:head] + put + now[head + len(gone) :]
    if tail + len(gone) <= same_tail:
        end = len(now) - tail
        return now[: end - len(gone)] + put + now[end:]
    if tail:
        return put + now
    return now + put if head else put


def _changed(base: str, typed: str) -> int:
    head, tail = _common_ends(base, typed)
    return len(base) + len(typed) - 2 * (head + tail)


def _common_ends(one: str, other: str) -> tuple[int, int]:
    most = min(len(one), len(other))
    head = next((at for at in range(most) if one[at] != other[at]), most)
    most -= head
    tail = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    return head, tail
