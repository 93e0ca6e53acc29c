"""The demo's talk, which is posted and screened like anybody's words."""

import pytest

from forum.chat import demo
from forum.chat.models import Message, Share

pytestmark = pytest.mark.django_db


def test_a_seeded_share_that_was_held_gets_no_replies_at_any_start(first_days, settings):
    settings.DEMO = True
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    for _ in range(2):
        kept = demo.seed_conversation()
    assert {message.status for message in kept} == {"held"}
    openers = Message.objects.filter(opens_share=True).count()
    assert openers == Share.objects.count() == Message.objects.filter(share__isnull=False).count()
