"""The catalogue: which rooms it shows, and narrowing it."""

import pytest

from forum.rooms import catalogue
from forum.rooms.models import Room

pytestmark = pytest.mark.django_db


def shown(client, **wanted):
    return {card["room"].slug for card in client.get("/rooms/", wanted).context["rooms"]}


def test_every_room_but_the_private_ones_is_shown(client, first_days):
    Room.objects.filter(slug="grief").update(join_mode=Room.Join.PRIVATE)
    assert shown(client) == set(Room.objects.values_list("slug", flat=True)) - {"grief"}


@pytest.mark.parametrize("approach", catalogue.APPROACHES)
def test_by_approach(client, first_days, approach):
    wanted = {room.slug for room in Room.objects.all() if room.approach == approach}
    assert shown(client, approach=approach) == wanted != set()


@pytest.mark.parametrize("audience", catalogue.AUDIENCES)
def test_by_audience(client, first_days, audience):
    wanted = {room.slug for room in Room.objects.all() if audience in room.audience}
    assert shown(client, audience=audience) == wanted != set()


@pytest.mark.parametrize("topic", catalogue.TOPICS)
def test_by_topic(client, first_days, topic):
    wanted = {room.slug for room in Room.objects.all() if topic in room.topics}
    assert shown(client, topic=topic) == wanted != set()


def test_all_filters_together(client, first_days):
    room = Room.objects.get(slug="women-for-sobriety")
    parts = {"approach": room.approach, "audience": room.audience[0], "topic": room.topics[0]}
    each = [shown(client, **{key: value}) for key, value in parts.items()]
    assert shown(client, **parts) == set.intersection(*each)


def test_a_filter_that_nobody_offers_is_left_out(client, first_days):
    assert shown(client, approach="x", topic="<b>") == shown(client)
