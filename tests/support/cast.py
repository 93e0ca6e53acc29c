"""The cast: ana and ben are members, lee is none, mo and kit moderate; the room is first-days."""

import time
import uuid
from functools import cache

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import make_password

from forum.accounts.models import Account, Handle
from forum.chat import posting
from forum.chat.posting import Post
from forum.rooms import seeding
from forum.rooms.models import Membership, Room
from moderation import gate

PASSPHRASE = "seven quiet kettles 19"


@pytest.fixture
def first_days(db):
    seeding.seed_rooms()
    return Room.objects.get(slug="first-days")


@cache
def _hash(hasher):
    """Hashing takes its time on purpose; once is enough for a test run."""
    return make_password(PASSPHRASE)


def account(name):
    made = Account(sign_in_name=f"{name}-signs-in", recovery_confirmed=True)
    made.password = _hash(settings.PASSWORD_HASHERS[0])
    made.save()
    Handle.objects.create(account=made, name=name, skeleton=gate.skeleton(name))
    return made


def member(name, room, role=Membership.Role.MEMBER):
    made = account(name)
    Membership.objects.create(
        room=room, account=made, handle=made.handles.get(), role=role,
        charter_accepted=room.charter_version, posts=50,
    )  # fmt: skip
    return made


@pytest.fixture
def ana(first_days):
    return member("ana", first_days)


@pytest.fixture
def ben(first_days):
    return member("ben", first_days)


@pytest.fixture
def lee(db):
    return account("lee")


@pytest.fixture
def mo(first_days):
    return member("mo", first_days, Membership.Role.MODERATOR)


@pytest.fixture
def kit(first_days):
    return member("kit", first_days, Membership.Role.MODERATOR)


def say(who, room, text, *, client_id=None, **more):
    """Post one text and return the message."""
    return posting.post(Post(who.pk, room.slug, text, client_id or uuid.uuid4(), **more))


def sign_in(client, who, *, second_factor=False):
    """Sign a test client in, with a second factor given or not."""
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    if second_factor:
        give_second_factor(client)
    return client


def give_second_factor(client):
    session = client.session
    account = Account.objects.get(pk=session["_auth_user_id"])
    if not is_mfa_enabled(account):
        auth.TOTP.activate(account, auth.generate_totp_secret())
    given = session.setdefault("account_authentication_methods", [])
    given.append({"method": "mfa", "at": time.time()})
    session.save()


@pytest.fixture(autouse=True)
def fresh_limits():
    """No test may be slowed down by another one's posts, nor be screened by its engine."""
    gate.runner.cache_clear()
    forget_pace()


def forget_pace():
    """Buckets are kept per process; all are full again."""
    from django.core.cache import caches

    from forum.accounts import allauth_adapters
    from forum.accounts import views as account_views
    from forum.care import views as care_views
    from forum.chat import pace
    from forum.rooms import views as room_views

    for bucket in (pace.WORDS, pace.SIGNS, account_views.SIGN_UPS, account_views.RECOVERIES,
                   account_views.RECOVERIES_OF_ONE, account_views.PASSPHRASES,
                   care_views.REPORTS, room_views.CLAIMS,
                   allauth_adapters.SIGN_INS_OF_ONE):  # fmt: skip
        bucket._levels.clear()
    caches["default"].clear()
