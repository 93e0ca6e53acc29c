"""For tests of moderation."""

import pytest

from tests.support.cast import say, sign_in
from tests.support.desk import SELLING


@pytest.fixture(autouse=True)
def patient_gate(settings):
    """A busy machine may need longer for a text; tests of the deadline set their own."""
    settings.GATE_DEADLINE = 5.0


@pytest.fixture
def held(ana, first_days):
    return say(ana, first_days, SELLING)


@pytest.fixture
def desk(client, mo):
    return sign_in(client, mo, second_factor=True)
