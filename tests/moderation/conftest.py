"""For tests of moderation."""

import pytest


@pytest.fixture(autouse=True)
def patient_gate(settings):
    """A busy machine may need longer for a text; tests of the deadline set their own."""
    settings.GATE_DEADLINE = 5.0
