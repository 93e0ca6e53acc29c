"""The form that one joins a room by."""

import pytest

from forum.accounts import handles
from forum.accounts.models import Handle
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


def wish_for(joining, name):
    return joining.post(JOIN, form(handle="-", wished=name, accepts="on"))


def test_a_wished_name_does_not_tell_of_somebodys_sign_in_name(joining, lee, ana):
    assert handles.check_handle("ana_signs_in", lee) == "ana_signs_in"
    assert wish_for(joining, "lee_signs_in").status_code == 422
    assert wish_for(joining, "ana_signs_in").status_code == 302


def test_names_can_not_be_tried_out_one_after_the_other(joining, ben):
    assert {wish_for(joining, "ben").status_code for _ in range(8)} == {422}
    assert wish_for(joining, "ben").status_code == 429
    joining.post(JOIN, form(accepts="on"))
    assert Membership.objects.get(account__handles__name="lee").handle.name == "lee"


def test_who_has_all_their_names_can_not_ask_for_others(joining, lee, ana):
    for n in range(handles.MOST_HANDLES):
        Handle.objects.create(account=lee, name=f"otter-{n}", skeleton=f"otter{n}")
    assert wish_for(joining, "ana").content.count(b"names already") == 1
    assert wish_for(joining, "brave-robin-20").content.count(b"names already") == 1
