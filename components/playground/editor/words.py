"""What the GraphQL editor says; `{name}` is filled in by the browser."""

import unicodedata

_ODD = (
    "\v\f\x85\u00a0\u00ad\u061c\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u201c\u201d\u201e\u201f\u2028\u2029\u202a\u202b\u202c"
    "\u202d\u202e\u202f\u205f\u2060\u2066\u2067\u2068\u2069\u3000\ufeff"
)
"""What is pasted by mistake: spaces that are none, marks without a width, and curly quotes."""

_COPYING = {
    "copy": "Copy",
    "copied": "Copied",
    "copy_by_hand": "Select the text and copy it",
}

EDITOR = {
    "run": "Run",
    "run_named": "Run {name}",
    "cancel": "Cancel",
    "waiting": "Waiting for the answer of {name}: {seconds} s.",
    "still_runs": "{name} still runs. Cancel it, or wait for its answer, before you run it again.",
    "not_heard": "The app does not answer. It runs {name} as soon as it is there again.",
    "prettify": "Prettify",
    "prettified": "Laid out anew.",
    "not_prettified": "Not laid out: line {line}, column {column} cannot be read.",
    "find": "Find",
    **_COPYING,
    "to_variable": "To variable",
    "to_value": "To value",
    "made_variable": "The value is a variable now, its value stands among the variables.",
    "made_value": "The value stands in the place of the variable.",
    "schema": "Schema",
    "variables": "Variables",
    "query_label": "GraphQL operations",
    "variables_label": "Variables as JSON",
    "keyboard": "Keyboard shortcuts",
    "shortcuts": [
        ["Ctrl+Enter", "run the operation under the caret"],
        ["Ctrl+Space", "complete"],
        ["Shift+Alt+F", "prettify"],
        ["Shift+Alt+V", "make a variable of the value at the caret, or put its value in"],
        ["Ctrl+F", "find and replace"],
        ["F1", "look up in the schema what the caret is at"],
        ["F8", "go to the next problem"],
        ["Ctrl+Shift+[", "fold; Ctrl+Shift+] unfolds"],
        ["Ctrl+/", "make lines a comment, or no comment"],
        ["Tab", "leave the editor"],
    ],
    "problem": "Line {line}, column {column}: {message}",
    "odd_character": "Only a string may hold this character: {name}.",
    "make_plain": "Make it plain",
    "characters": {
        f"{ord(one):04X}": unicodedata.name(one, "control character").lower() for one in _ODD
    },
    "other_character": "character that cannot be seen",
    "empty_selection": "Nothing is asked for between { and }. Name the fields to return.",
    "no_subscriptions": "This page runs no subscriptions: an answer here comes once and whole.",
    "add_fields": "Add its fields",
    "add_it": "Add it",
    "not_an_object": "Variables are one JSON object, such as {}.",
    "unknown_variable": 'No operation here declares a variable "${name}".',
    "missing_variable": 'Variable "${name}" of type {type} is required.',
    "missing_field": "{path} needs {name}: {type}.",
    "unknown_field": "{type} has no {name}. It has: {known}.",
    "not_a_choice": "{path} is one of the values of {type}, in quotes: {values}.",
    "wrong_type": "{path} has to be {type}.",
    "exactly_one": "{path} takes exactly one of its members: {known}.",
    "deprecated_field": "{path} is deprecated. {reason}",
    "repeated_name": '"{name}" is there twice; the last one counts.',
    "near_miss": "This is no placeholder, so it is sent as it is; did you mean {placeholder}?",
    "look_up": "Show in the schema",
    "search_schema": "Search the schema",
    "back": "Back",
    "all_types": "Overview",
    "download_sdl": "Download SDL",
    "no_schema": "There is no schema to show. The editor works, but completes and checks nothing.",
    "schema_failed": "The schema could not be read, so the editor completes and checks nothing.",
    "types": "{count} types",
    "found": "{count} found",
    "found_many": "{count} found, the closest {shown} are shown",
    "found_none": 'Nothing is called "{sought}".',
    "kinds": {
        "type": "type",
        "field": "field",
        "value": "value",
        "argument": "argument",
        "object": "object type",
        "interface": "interface",
        "union": "union",
        "enum": "enum",
        "input": "input",
        "scalar": "scalar",
    },
    "insert": "Insert",
    "insert_label": "Insert {name} at the caret",
    "inserted": "{name} inserted.",
    "one_of": "exactly one of its fields",
    "deprecated": "Deprecated: {reason}",
    "implements": "Implements",
    "possible": "Possible types",
    "used_by": "Used by",
    "used_by_none": "Nothing in the schema mentions it.",
    "more": "and {count} more",
    "uses": {
        "result": "as its result",
        "argument": "as an argument",
        "field": "as a field",
        "member": "has it as a member",
        "implements": "implements it",
    },
}

ANSWER = {
    "find": "Find",
    "fold": "Fold all",
    "unfold": "Unfold all",
    **_COPYING,
    "download": "Download",
}
