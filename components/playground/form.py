"""The form view of the operation under the caret: what is filled in changes the text, and back.

The text is the truth: every widget is set from it before it is drawn, and what a widget says is
written into it at once. A widget has its value as default too: one that moves on the page before
the browser has taken the value over begins anew with the default, and tells it with the next run.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from graphql import Undefined

from client.api.document import choose_operation, read_variables
from client.api.schema import LoadedSchema
from client.errors import NotSentError
from client.json_object import as_list, as_object
from client.playground.form import (
    Form,
    Path,
    RootField,
    argument_fields,
    output_paths,
    read_form,
    root_fields,
)
from client.playground.form_field import FormField, first_value
from client.playground.form_text import new_operation, write_form
from client.playground.last_values import is_placeholder
from client.playground.written import same
from client.written_json import WrittenFloat, read_written, write_written
from components.common.plain_text import described, plain
from components.playground import words
from components.playground.id_choices import (
    IdChoice,
    choices_failed,
    filter_choices,
    forget_choices,
    id_choices,
)
from components.playground.state import Playground
from components.playground.typed_over import TextBox
from components.session import may_upload
from components.widget_state import entered

_PROBLEM = "playground_form_problem"
_WRITTEN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TYPING_PAUSE = "0.4s"
_LONGEST_LABEL = 60
_LISTS_TO_POINT_AT = """<style>
.st-key-playground-form [data-testid="stMultiSelect"] input { min-width: 24px; }
</style>"""
"""WCAG 2.2, 2.5.8: Streamlit leaves 20 px for the box behind what is chosen."""
ValuePath = tuple[str | int, ...]


@dataclass(frozen=True)
class _Filling:
    """A form on show: what it was read from, and what its widgets are called."""

    state: Playground
    loaded: LoadedSchema
    form: Form

    def key(self, path: ValuePath) -> str:
        place = "-".join(map(str, path))
        return f"form-{self.state.active}-{self.form.root.name}-{place}"

    def change(self, path: ValuePath, make: Callable[[Any], Any]) -> None:
        """Write one value into the operation, made of the one that is there now."""
        now = self._now()
        if now is None:  # what was typed beside the form meanwhile cannot be read
            st.session_state[_PROBLEM] = _not_written(path, make(Undefined))
            return
        value = make(_value_at(now.values, path))
        self._write(now, _with_value(now.values, path, value), now.outputs)

    def takes_placeholder(self, path: ValuePath) -> bool:
        """Return whether a value is one of the variables, where placeholders stand for others."""
        return (self._now() or self.form).is_of_variables(path)

    def put(self, path: ValuePath, value: Any) -> None:
        """Write one value into the operation; `Undefined` leaves it out, None is `null`."""
        self.change(path, lambda _: value)

    def ask_for(self, outputs: Sequence[Path]) -> None:
        """Have the operation ask for these fields."""
        if now := self._now():
            self._write(now, now.values, outputs)

    def _now(self) -> Form | None:
        """Read the form anew: when two widgets changed, the other one wrote after the drawing."""
        form = _read(self.state, self.loaded)
        return form if form and form.root.name == self.form.root.name else None

    def _write(self, form: Form, values: Mapping[str, Any], outputs: Sequence[Path]) -> None:
        tab = self.state.tab
        text, variables = write_form(
            self.loaded.schema, tab.text, tab.variables, form, values, outputs
        )
        if (text, variables) != (tab.text, tab.variables):
            self.state.replace(text, variables)


def playground_form(state: Playground, loaded: LoadedSchema) -> None:
    """Draw the form."""
    st.html(_LISTS_TO_POINT_AT)
    with st.container(border=True, key="playground-form"):
        form = _read(state, loaded)
        _operation(state, loaded, form)
        if form is None:
            st.info(words.NO_FORM)
            _why_not(state)
            _tell_problem()
            return
        if form.root.description:
            st.caption(described(form.root.description))
        filling = _Filling(state, loaded, form)
        st.markdown(f"**{words.FORM_ARGUMENTS}**")
        fields = argument_fields(loaded.schema, form.root)
        if not fields:
            st.caption(words.NO_ARGUMENTS)
        _fields(filling, fields, (), form.values)
        _tell_problem()
        _outputs(filling)
        _buttons(state)


def _read(state: Playground, loaded: LoadedSchema) -> Form | None:
    name, cursor = state.caret_of(state.active)
    return read_form(loaded.schema, state.tab.text, state.tab.variables, name, cursor)


def _why_not(state: Playground) -> None:
    """Say what is wrong with the text, where that is why it has no form."""
    try:
        choose_operation(state.tab.text, *state.caret_of(state.active))
        read_variables(state.tab.variables)
    except NotSentError as error:
        title, text = words.NOT_SENT[str(error.details["reason"])]
        st.warning(plain(f"{title}. {text.format(message=error)}"))


def _tell_problem() -> None:
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(problem)


def _not_written(path: ValuePath, value: Any) -> str:
    name = next(step for step in reversed(path) if isinstance(step, str))
    shown = "" if value is Undefined else write_written(value)
    return words.NOT_WRITTEN.format(name=plain(name), value=plain(shown)).strip()


def _buttons(state: Playground) -> None:
    with st.container(horizontal=True):
        _run_button(state)
        st.button(
            words.FETCH_IDS,
            key="playground-form-ids",
            icon=":material/refresh:",
            on_click=forget_choices,
        )
    if choices_failed():
        st.caption(words.CHOICES_FAILED)


def _run_button(state: Playground) -> None:
    if state.run and state.run.awaited:
        st.button(
            words.CANCEL,
            key="playground-form-cancel",
            icon=":material/stop_circle:",
            on_click=state.cancel,
        )
        return
    st.button(
        words.RUN,
        key="playground-form-run",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not may_upload(),
        on_click=lambda: state.execute(state.active),
    )


def _operation(state: Playground, loaded: LoadedSchema, form: Form | None) -> None:
    """Draw the choice of mutation or query; another one is begun in a tab of its own."""
    roots: dict[tuple[str, str], RootField] = {
        (root.operation, root.name): root for root in root_fields(loaded.schema)
    }
    names = list(roots)
    key = f"form-{state.active}-operation"
    shown = (form.root.operation, form.root.name) if form else None
    _show(key, shown)

    def begin() -> None:
        chosen: tuple[str, str] | None = entered(key)
        if chosen and chosen != shown:
            state.open(new_operation(loaded.schema, roots[chosen]))

    st.selectbox(
        words.FORM_OPERATION,
        names,
        index=names.index(shown) if shown in names else None,
        format_func=lambda root: f"{words.FORM_KINDS[root[0]]} {root[1]}",
        key=key,
        on_change=begin,
    )


def _outputs(filling: _Filling) -> None:
    paths = output_paths(filling.loaded.schema, filling.form.root)
    if not paths:
        st.caption(words.NOTHING_FOUND)
        return
    key = filling.key(("outputs",))
    shown = list(filling.form.outputs)
    _show(key, shown)
    st.multiselect(
        words.FORM_OUTPUTS,
        paths,
        default=shown,
        format_func=".".join,
        key=key,
        placeholder=words.FORM_OUTPUTS_HINT,
        on_change=lambda: filling.ask_for(entered(key)),
    )


# Fields --------------------------------------------------------------------------------------


def _fields(
    filling: _Filling, fields: Sequence[FormField], path: ValuePath, values: Mapping[str, Any]
) -> None:
    """Draw what is required, and the rest behind one click."""
    required = [field for field in fields if field.required]
    optional = [field for field in fields if not field.required]
    shown, hidden = (required, optional) if required else (optional, [])
    for field in shown:
        _field(filling, field, (*path, field.name), values.get(field.name, Undefined))
    if not hidden:
        return
    given = any(field.name in values for field in hidden)

    def draw() -> None:
        for field in hidden:
            _field(filling, field, (*path, field.name), values.get(field.name, Undefined))

    _fold(words.OPTIONAL, f"{filling.key(path)}-optional", draw, given=given)


def _fold(label: str, key: str, draw: Callable[[], None], *, given: bool) -> None:
    """Draw what is closed until it is opened, or until something in it has a value.

    What is in it is drawn when it is open only: of a schema with a filter for each table, whose
    filters hold each other, there would be no end of it.
    """
    was_given = f"{key}-given"
    if given and (key not in st.session_state or not st.session_state.get(was_given)):
        st.session_state[key] = True  # once, so that it can be closed again
    st.session_state[was_given] = given
    fold = st.expander(label, key=key, on_change="rerun")
    if fold.open:
        with fold:
            draw()


def _field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    draw = _DRAWERS.get(field.kind, _text_field)
    draw(filling, field, path, value)
    if value is None:
        st.caption(words.NULL_REFUSED if field.required else words.IS_NULL)
    if is_placeholder(value) and not filling.form.is_of_variables(path):
        st.caption(words.PLACEHOLDER_IN_TEXT)
    if field.deprecated:
        st.caption(plain(words.FIELD_DEPRECATED.format(reason=field.deprecated)))


def _show(key: str, value: object) -> None:
    """Have a widget show a value. One that shows it already is left alone: somebody may type."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _label(field: FormField, path: ValuePath) -> str:
    name = field.name or words.ITEM.format(name=path[-2], number=int(path[-1]) + 1)
    facts = [field.type.rstrip("!")]
    facts += [words.REQUIRED] if field.required else []
    facts += [words.DEPRECATED] if field.deprecated else []
    # Not escaped: names and types of a schema are letters, digits, _ and []!, and screen readers
    # would read the backslashes out.
    return words.FIELD_LABEL.format(name=name, facts=", ".join(facts))


def _help(field: FormField) -> str | None:
    return described(field.description) or None


def _text_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    if choices := _choices(str(field.name or path[-2]), path):
        labels = {choice.value: choice.label for choice in choices}
        _selectbox(filling, field, path, value, labels, free=True)
        return
    key = filling.key(path)
    shown = "" if _is_empty(value) else str(value)
    _show(key, shown)
    box: TextBox = st.session_state.setdefault(f"{key}-box", TextBox())
    box.holds(shown)

    def changed() -> None:
        typed: str = entered(key)

        def written(now: Any) -> Any:
            text = box.told(typed, "" if _is_empty(now) else str(now))
            return text if text or field.required else Undefined

        filling.change(path, written)

    _text_box(field, path, key, shown, changed)


def _is_empty(value: Any) -> bool:
    """Return whether a value is left out or `null`: a widget holds neither."""
    return value is None or value is Undefined


def _choices(name: str, path: ValuePath) -> Sequence[IdChoice]:
    return filter_choices(name) if "filters" in path else id_choices(name)


def _text_box(
    field: FormField, path: ValuePath, key: str, shown: str, changed: Callable[[], None]
) -> None:
    st.text_input(
        _label(field, path),
        shown,
        key=key,
        help=_help(field),
        live=_TYPING_PAUSE,
        on_change=changed,
    )


def _number_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    key = filling.key(path)
    whole = field.kind == "integer"
    shown = "" if _is_empty(value) else _number_text(value)
    if not same(_number(str(st.session_state.get(key, "?")), whole=whole), value):
        _show(key, shown)

    def changed() -> None:
        text: str = entered(key).strip()
        number = _number(text, whole=whole)
        if is_placeholder(text) and filling.takes_placeholder(path):
            filling.put(path, text)
        elif text and number is None:
            st.session_state[_PROBLEM] = words.NOT_A_NUMBER.format(name=plain(field.name))
        else:
            filling.put(path, Undefined if number is None else number)

    _text_box(field, path, key, shown, changed)


def _number_text(value: Any) -> str:
    if isinstance(value, WrittenFloat):
        return value.text
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number(text: str, *, whole: bool) -> int | float | None:
    """Return the number that a text says, as it is written; None where it says none."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = WrittenFloat(text) if _WRITTEN_NUMBER.fullmatch(text) else float(text)
    except ValueError:
        return None
    return None if whole or number != number or abs(number) == float("inf") else number


def _choice_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    _selectbox(filling, field, path, value, dict.fromkeys(field.choices, ""), free=False)


def _selectbox(
    filling: _Filling,
    field: FormField,
    path: ValuePath,
    value: Any,
    labels: Mapping[str, str],
    *,
    free: bool,
) -> None:
    key = filling.key(path)
    current = str(value) if value and not _is_empty(value) else None
    # A box with a default has nothing to empty it with, so leaving a value out is a choice.
    options: list[str | None] = [*([] if field.required else [None]), *labels]
    if current and current not in labels:
        options.append(current)
    _show(key, current)

    def changed() -> None:
        chosen: str | None = entered(key)
        if chosen or not field.required:
            filling.put(path, chosen or Undefined)

    st.selectbox(
        _label(field, path),
        options,
        index=options.index(current) if current in options else None,
        format_func=lambda one: _choice_text(one, labels.get(one or "", "")),
        key=key,
        help=_help(field),
        placeholder=words.LEFT_OUT,
        accept_new_options=free,
        on_change=changed,
    )


def _choice_text(value: str | None, label: str) -> str:
    if value is None:
        return words.LEFT_OUT
    short = value if len(value) <= _LONGEST_LABEL else f"{value[:_LONGEST_LABEL]}…"
    return f"{label} · {short}" if label else short


def _boolean_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    key = filling.key(path)
    shown: bool | str | None = value if isinstance(value, bool) or is_placeholder(value) else None
    _show(key, shown)
    options: list[bool | str | None] = [True, False] if field.required else [None, True, False]
    if isinstance(shown, str):
        options.append(shown)
    st.radio(
        _label(field, path),
        options,
        index=options.index(shown) if shown in options else None,
        format_func=lambda one: plain(one) if isinstance(one, str) else words.BOOLEAN[one],
        horizontal=True,
        key=key,
        help=_help(field),
        on_change=lambda: filling.put(path, Undefined if entered(key) is None else entered(key)),
    )


def _json_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    key = filling.key(path)
    shown = "" if value is Undefined else write_written(value)
    _show(key, shown)

    def changed() -> None:
        text: str = entered(key).strip()
        try:
            filling.put(path, read_written(text) if text else Undefined)
        except ValueError:
            st.session_state[_PROBLEM] = words.NOT_JSON.format(name=plain(field.name))

    st.text_area(_label(field, path), shown, key=key, help=_help(field), on_change=changed)


def _group_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    key = filling.key(path)
    if field.required:
        with st.container(border=True, key=key):
            st.caption(_label(field, path))
            _members(filling, field, path, as_object(value))
        return
    _fold(
        _label(field, path),
        key,
        lambda: _members(filling, field, path, as_object(value)),
        given=not _is_empty(value),
    )


def _members(
    filling: _Filling, field: FormField, path: ValuePath, values: Mapping[str, Any]
) -> None:
    if field.one_of:
        _one_of(filling, field, path, values)
    else:
        _fields(filling, field.fields, path, values)


def _one_of(
    filling: _Filling, field: FormField, path: ValuePath, values: Mapping[str, Any]
) -> None:
    """Draw the choice of the one field that may be given (`@oneOf`), and that field."""
    members = {member.name: member for member in field.fields}
    given = [name for name in values if name in members]
    chosen = given[0] if len(given) == 1 else None
    if len(given) > 1:
        st.warning(words.TOO_MANY_OF_ONE.format(names=", ".join(given)))
    key = filling.key((*path, "one-of"))
    _show(key, chosen)

    def changed() -> None:
        if name := entered(key):
            filling.put(path, {name: values.get(name, first_value(members[name]))})

    st.selectbox(
        words.ONE_OF,
        list(members),
        index=list(members).index(chosen) if chosen else None,
        format_func=lambda name: _label(members[name], (*path, name)),
        key=key,
        placeholder=words.ONE_OF_HINT,
        on_change=changed,
    )
    if chosen:
        _field(filling, replace(members[chosen], required=True), (*path, chosen), values[chosen])


def _list_field(filling: _Filling, field: FormField, path: ValuePath, value: Any) -> None:
    item = field.item
    if item is not None and item.kind in ("text", "id", "choice"):
        _tags_field(filling, field, item, path, _items_of(value))
        return
    if item is None or item.kind not in ("group", "integer", "number"):
        _json_field(filling, field, path, value)
        return
    values = _items_of(value)
    st.caption(_label(field, path))
    for number, one in enumerate(values):
        _field(filling, item, (*path, number), one)
        st.button(
            words.REMOVE_ITEM.format(name=field.name, number=number + 1),
            key=f"{filling.key((*path, number))}-remove",
            icon=":material/remove:",
            on_click=filling.change,
            args=(path, partial(_without, number)),
        )
    empty: Any = first_value(item)
    st.button(
        words.ADD_ITEM.format(name=field.name),
        key=f"{filling.key(path)}-add",
        icon=":material/add:",
        on_click=lambda: filling.change(path, lambda now: [*_items_of(now), empty]),
    )


def _tags_field(
    filling: _Filling, field: FormField, item: FormField, path: ValuePath, values: list[Any]
) -> None:
    key = filling.key(path)
    labels = {choice.value: choice.label for choice in _choices(field.name, path)}
    labels |= dict.fromkeys(item.choices, "")
    current = [str(one) for one in values]
    _show(key, current)
    st.multiselect(
        _label(field, path),
        [*labels, *(one for one in current if one not in labels)],
        default=current,
        format_func=lambda one: _choice_text(one, labels.get(one, "")),
        key=key,
        help=_help(field),
        accept_new_options=not item.choices,
        on_change=lambda: filling.put(
            path, list(entered(key)) or ([] if field.required else Undefined)
        ),
    )


_DRAWERS: Mapping[str, Callable[[_Filling, FormField, ValuePath, Any], None]] = {
    "text": _text_field,
    "id": _text_field,
    "integer": _number_field,
    "number": _number_field,
    "boolean": _boolean_field,
    "choice": _choice_field,
    "json": _json_field,
    "group": _group_field,
    "list": _list_field,
}


def _items_of(value: Any) -> list[Any]:
    """Return the items of a list, for which GraphQL takes one value too."""
    if _is_empty(value):
        return []
    return as_list(value) or ([] if value == [] else [value])


def _value_at(values: Any, path: ValuePath) -> Any:
    """Return the value at a path; `Undefined` where there is none."""
    for name in path:
        if isinstance(name, int):
            entries = _items_of(values)
            values = entries[name] if name < len(entries) else Undefined
        else:
            values = as_object(values).get(name, Undefined)
    return values


def _without(number: int, values: Any) -> list[Any]:
    entries = _items_of(values)
    return [*entries[:number], *entries[number + 1 :]]


def _with_value(values: Any, path: ValuePath, value: Any) -> Any:
    """Return the values with one of them changed, or left out where it is `Undefined`."""
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(name, int):
        entries = list(_items_of(values))
        if name < len(entries):
            entries[name] = _with_value(entries[name], rest, value)
        return entries
    changed = dict(as_object(values))
    changed[name] = _with_value(changed.get(name), rest, value)
    if changed[name] is Undefined:
        del changed[name]
    return changed
