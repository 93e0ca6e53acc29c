"""Why an edit was not taken. Nobody looks at an edit later, so nothing here says that it waits."""

from forum.chat import texts
from forum.errors import Refused
from moderation import gate
from moderation.gate import Action, Verdict

# By label, what the new words are or do, as its author reads it.
_WHY = {
    "sourcing": "They read as offering or looking for drugs.",
    "threat": "They read as a wish to hurt somebody.",
    "identity_attack": "They read as an attack on people for who they are.",
    "harassment": "They may land as an attack on a member.",
    "insult": "They may land as an attack on somebody here.",
    "use_instructions": "They have amounts or instructions that could hurt somebody reading along.",
    "patient_brokering": "Recruiting for treatment or selling a programme is not open to members.",
    "predatory_contact": "Talk stays inside the room, so that everybody stays safe.",
    "sexual": "They read as a sexual advance.",
    "personal_information": "They have details that could show who somebody is.",
    "misinformation": "If somebody follows them it can kill them.",
    "treatment_stigma": "People here take medicine as part of their recovery and could be hurt.",
    "proselytising": "There are many ways here, and each is respected.",
    "spam": "They look like advertising, or their links would have to be checked first.",
    "disruption": "They are too long to be checked at once, or repeat what is there.",
}
_OTHERWISE = "They may not keep to the guidelines of this room."


def not_changed(verdict: Verdict, *, title: str) -> Refused:
    """For words that were screened below this title; only they can be changed."""
    if gate.is_unscreened(verdict):
        return Refused(
            "edit.unchecked",
            "We can't check your new words just now, so the message stays as it was. Please try"
            " again in a minute.",
            status=503,
        )
    why = " ".join(dict.fromkeys(_WHY.get(r.label, _OTHERWISE) for r in verdict.reasons))
    if verdict.action == Action.NUDGE:
        suggested = texts.below(title, verdict.suggested or "")
        without = f" Without the details: “{suggested}”" if suggested else ""
        return Refused(
            "edit.nudged",
            f"Nothing is changed yet. {why} To keep these words, save once more.{without}",
            status=409,
        )
    return Refused(
        "edit.refused",
        f"The new words can't go in, and the message stays as it was. {why or _OTHERWISE}",
        status=422,
    )
