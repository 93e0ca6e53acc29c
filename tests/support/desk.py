"""What a moderator does at the desk, as short words for tests."""

from django.urls import reverse

SELLING = "who's selling percs? need to cop today"


def queue_of(desk, **wanted):
    return desk.get(reverse("desk:queue"), wanted).content.decode()


def address_of(case):
    return reverse("desk:case", args=[case.pk])


def page_of(desk, case):
    return desk.get(address_of(case)).content.decode()


def decide(desk, case, **fields):
    return desk.post(address_of(case), {"reason": "within", **fields})
