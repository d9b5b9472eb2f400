from components.sign_in.words import cookie_not_kept


def test_a_cookie_that_was_not_kept_is_explained_with_the_address_that_works() -> None:
    public = "https://files.example.com"
    assert f"Open {public} " in cookie_not_kept(public, "http://10.1.2.3:8501/")
    for page in ("https://files.example.com/", ""):
        assert "Allow cookies" in cookie_not_kept(public, page)
    assert "Allow cookies" in cookie_not_kept("http://127.0.0.1:8501", "http://127.0.0.1:8501/")
