"""The form of a decision."""

from typing import Any

from django import forms

from moderation.cases import KINDS, ON_APPEAL, Wish
from moderation.ports import CONTENT_NOTES
from moderation.statements import REASONS

HOURS = [(1, "1 hour"), (24, "1 day"), (72, "3 days"), (168, "7 days"), (720, "30 days")]
FOR_HELD_ONLY = ("release",)
NOT_FOR_HELD = ("dismiss",)  # it would wait for ever


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(label="What to do", widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="Reason, told to the author",
        choices=[("", "Choose a reason"), *((key, words) for key, words in REASONS.items())],
    )
    content_note = forms.ChoiceField(
        label="Content note",
        required=False,
        choices=[("", "Choose a note"), *((note, note) for note in CONTENT_NOTES)],
    )
    hours = forms.TypedChoiceField(label="For how long", required=False, choices=HOURS, coerce=int)
    also_remove = forms.BooleanField(label="Remove the message as well", required=False)
    message = forms.CharField(
        label="Words to the author (optional)",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    note = forms.CharField(
        label="Note for other moderators (optional)",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def __init__(self, *args: Any, is_held: bool, is_appeal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = list(ON_APPEAL.items()) if is_appeal else _kinds(is_held=is_held)
        self.fields["also_remove"].initial = is_held

    def wish(self) -> Wish:
        """What the moderator wants, without what does not go with it."""
        data = self.cleaned_data
        limited = data["kind"] in ("mute", "suspend")
        return Wish(
            kind=data["kind"],
            reason=data["reason"],
            note=data["note"],
            message=data["message"],
            content_note=data["content_note"],
            hours=int(data["hours"] or 0) if limited else 0,
            also_remove=data["also_remove"] and data["kind"] in ("warn", "mute", "suspend"),
        )


def _kinds(*, is_held: bool) -> list[tuple[str, str]]:
    if is_held:
        return [(key, words) for key, words in KINDS.items() if key not in NOT_FOR_HELD]
    found = {key: words for key, words in KINDS.items() if key not in FOR_HELD_ONLY}
    return list({**found, "release_with_note": "Put behind a content note"}.items())
