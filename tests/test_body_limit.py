"""Large bodies are refused before anything is kept of them."""

import http.client

import pytest

pytestmark = pytest.mark.xdist_group("app")


@pytest.fixture
def connection(app):
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    yield connection
    connection.close()


def test_a_large_body_in_pieces_is_not_read_to_its_end(connection):
    """Without a length, as nobody who hides it would give one; 100 MB if it were all taken."""
    sent = 0

    def pieces():
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"x" * 1_000_000

    try:
        connection.request("POST", "/account/sign-in/", pieces(), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    except OSError:
        pass  # closed while we were still sending
    else:
        assert connection.getresponse().status == 413
    assert sent < 50


def test_a_body_that_says_it_is_large_is_refused_in_words(connection):
    connection.putrequest("POST", "/account/sign-in/")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, b"shorten it" in answer.read()) == (413, True)


def test_the_longest_share_gets_through(connection):
    """To the check of where a form comes from: this one has no token."""
    body = "body=" + "%F0%9F%8C%BB" * 16_000
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/rooms/first-days/shares/new/", body, headers)
    assert connection.getresponse().status == 403
