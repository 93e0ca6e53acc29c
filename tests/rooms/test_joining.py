"""The form that one joins a room by."""

import pytest

from forum.rooms.models import Membership
from tests.support.cast import sign_in

pytestmark = pytest.mark.django_db
JOIN = "/rooms/grief/join/"


@pytest.fixture
def joining(client, lee, first_days):
    return sign_in(client, lee)


def form(**more):
    return {"charter_version": "1", "handle": "lee", **more}


def test_what_was_typed_stays_when_other_suggestions_are_asked_for(joining):
    answer = joining.post(
        JOIN,
        form(handle="-", wished="Brave-Robin-20", accepts="on", shows_presence="on", again="1"),
    )
    text = answer.content.decode()
    assert 'value="Brave-Robin-20"' in text
    assert text.count(" checked") == 3  # another name, and both boxes
    assert not Membership.objects.exists()


def test_a_typed_name_is_the_name_whatever_was_chosen_above(joining):
    joining.post(JOIN, form(wished="Brave-Robin-20", accepts="on"))
    assert Membership.objects.get().handle.name == "Brave-Robin-20"


def test_a_chosen_name_is_the_name_when_none_was_typed(joining):
    joining.post(JOIN, form(wished=" ", accepts="on"))
    assert Membership.objects.get().handle.name == "lee"
