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
