"""A schema that is not ours: hundreds of types of every kind, as large organisations have them."""

SHARED = '''
"""Anything with an id."""
interface Thing { id: ID! }

interface Named implements Thing { id: ID!  name: String! }

scalar Money

directive @owned(by: String = "nobody") on FIELD | QUERY

type Subscription {
  """Whatever changes, as it changes."""
  changed(id: ID): Thing!
}
'''


def large_schema(types: int = 400) -> str:
    """Return the SDL of a schema with that many types, at least 10, beside those of `SHARED`.

    Three in five are object types that refer to each other; the rest are input types and enums.
    """
    objects, inputs = types * 3 // 5, types // 5
    enums = types - objects - inputs
    queries = [f"object{i}(id: ID!): Object{i}" for i in range(objects)]
    changes = [f"change{i}(input: Input{i}!): Object{i}!" for i in range(inputs)]
    return "\n".join(
        [
            SHARED,
            "union Found = " + " | ".join(f"Object{i}" for i in range(objects // 4)),
            "type Query {",
            '  """Look anything up."""',
            '  found(text: String! = "all", kinds: [Kind0!], first: Int = 10): [Found!]!',
            *queries,
            "}",
            "type Mutation {",
            *changes,
            "}",
            *(_object(i, objects) for i in range(objects)),
            *(_input(i, enums) for i in range(inputs)),
            *(f"enum Kind{i} {{ ONE TWO THREE }}" for i in range(enums)),
        ]
    )


def _object(i: int, count: int) -> str:
    return f'''
"""The object number {i}."""
type Object{i} implements Thing & Named {{
  id: ID!
  name: String!
  price: Money
  """How many there are."""
  count(since: String, of: Kind0 = ONE): Int
  next: Object{(i + 1) % count}
  all(first: Int, after: String): [Object{i * 7 % count}!]!
  old: String @deprecated(reason: "Use `name`.")
}}'''


def _input(i: int, kinds: int) -> str:
    return f'''
"""What changes of the object number {i}."""
input Input{i} {{ id: ID!  name: String  kind: Kind{i % kinds} = ONE  parts: [Input{i}!] }}'''


TABLES = {
    "Artist": ("Album",),
    "Album": ("Artist", "Track"),
    "Track": ("Album", "Genre", "MediaType", "InvoiceLine", "PlaylistTrack"),
    "Genre": ("Track",),
    "MediaType": ("Track",),
    "Playlist": ("PlaylistTrack",),
    "PlaylistTrack": ("Playlist", "Track"),
    "Invoice": ("Customer", "InvoiceLine"),
    "InvoiceLine": ("Invoice", "Track"),
    "Customer": ("Employee", "Invoice"),
    "Employee": ("Customer", "Employee"),
}
_COLUMNS = {"Id": "Int", "Name": "String", "Price": "Float", "Paid": "Boolean", "Note": "String"}


def tables_schema(copies: int = 1) -> str:
    """Return the SDL of 11 tables as Hasura makes it: their filters hold each other.

    With more copies there are 11 tables more for each, 99 types; each table leads to the
    same one in the next copy too.
    """
    tables = {
        f"{name}{_suffix(copy)}": (
            *(f"{one}{_suffix(copy)}" for one in leads_to),
            *((f"{name}{_suffix((copy + 1) % copies)}",) if copies > 1 else ()),
        )
        for copy in range(copies)
        for name, leads_to in TABLES.items()
    }
    compared = ("_eq", "_gt", "_gte", "_lt", "_lte", "_neq")
    filters = (
        f"input {kind}_comparison_exp {{ {' '.join(f'{one}: {kind}' for one in compared)} "
        f"_in: [{kind}!] _nin: [{kind}!] _is_null: Boolean }}"
        for kind in dict.fromkeys(_COLUMNS.values())
    )
    queries, changes = "", ""
    for table in tables:
        queries += (
            f"{table}(where: {table}_bool_exp, order_by: [{table}_order_by!], limit: Int, "
            f"offset: Int, distinct_on: [{table}_select_column!]): [{table}!]!\n"
        )
        changes += (
            f"insert_{table}(objects: [{table}_insert_input!]!): {table}_response\n"
            f"update_{table}(where: {table}_bool_exp!, _set: {table}_set_input): {table}_response\n"
            f"delete_{table}(where: {table}_bool_exp!): {table}_response\n"
        )
    return "\n".join(
        [
            "enum order_by { asc desc }",
            *filters,
            f"type Query {{ {queries} }}",
            f"type Mutation {{ {changes} }}",
            *(_table(name, leads_to) for name, leads_to in tables.items()),
        ]
    )


def _suffix(copy: int) -> str:
    return str(copy) if copy else ""


def _table(name: str, leads_to: tuple[str, ...]) -> str:

    def inside(of_column: str, of_table: str) -> str:
        columns = (f"{one}: {of_column.format(kind)}" for one, kind in _COLUMNS.items())
        tables = (f"to_{one}: {of_table.format(one)}" for one in leads_to)
        return " ".join([*columns, *(tables if of_table else ())])

    bool_exp, order_by = f"{name}_bool_exp", f"{name}_order_by"
    return f"""
type {name} {{ {inside("{}", "[{}!]")} }}
type {name}_response {{ affected_rows: Int! returning: [{name}!]! }}
enum {name}_select_column {{ {" ".join(_COLUMNS)} }}
input {bool_exp} {{
  _and: [{bool_exp}!] _not: {bool_exp} _or: [{bool_exp}!]
  {inside("{}_comparison_exp", "{}_bool_exp")}
}}
input {order_by} {{ {inside("order_by", "{}_order_by")} }}
input {name}_set_input {{ {inside("{}", "")} }}
input {name}_insert_input {{ {inside("{}", "{}_rel_insert_input")} }}
input {name}_rel_insert_input {{ data: {name}_insert_input! on_conflict: {name}_on_conflict }}
input {name}_on_conflict {{ update_columns: [{name}_select_column!]! where: {bool_exp} }}"""
