"""HEAD, as link checkers and monitors ask it."""

import pytest

from tests.support.cast import sign_in

PAGES = ["/", "/exit/", "/help/", "/join/", "/account/", "/rooms/", "/rooms/first-days/", "/x/"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_head_as_it_answers_get_without_the_body(client, ana, page):
    sign_in(client, ana)
    looked, asked = client.get(page), client.head(page)
    assert asked.status_code == looked.status_code
    assert asked.content == b""
