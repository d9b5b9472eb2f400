from client.playground.comparison import MOST_LINES, difference

BEFORE = '{"data":{"a":1.10,"b":[1,2]}}'


def test_only_what_differs_is_shown_with_what_is_around_it() -> None:
    now = '{"data": {"a": 1.1, "b": [1, 2]}}'
    assert (
        difference(BEFORE, now)
        == """@@ -1,6 +1,6 @@
 {
   "data": {
-    "a": 1.10,
+    "a": 1.1,
     "b": [
       1,
       2"""
    )


def test_white_space_of_json_makes_no_difference() -> None:
    assert difference(BEFORE, '{ "data" : {"a": 1.10, "b": [1,\n2]}}') == ""


def test_what_is_no_json_is_compared_as_it_came() -> None:
    assert difference("one\ntwo", "one\nthree") == "@@ -1,2 +1,2 @@\n one\n-two\n+three"


def test_answers_that_are_too_long_are_not_compared() -> None:
    long = "\n".join(map(str, range(MOST_LINES + 1)))
    assert difference(long, "x") is None
    assert difference(long, long) == ""
