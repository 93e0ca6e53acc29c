"""The form of a decision."""

from collections.abc import Mapping
from typing import Any

from django import forms

from moderation.outcomes import AGAINST_THE_AUTHOR, KINDS, NOBODY_IS_TOLD, Wish
from moderation.ports import CONTENT_NOTES
from moderation.statements import REASONS, reasons_for

HOURS = [(1, "1 hour"), (24, "1 day"), (72, "3 days"), (168, "7 days"), (720, "30 days")]


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(label="What to do", widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="Reason, told to the author",
        required=False,
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

    def __init__(
        self, *args: Any, kinds: Mapping[str, str], is_held: bool, must_answer: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = list(kinds.items())
        self.fields["also_remove"].initial = is_held
        self.must_answer = must_answer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        told = self.must_answer or data.get("kind") not in NOBODY_IS_TOLD
        if told and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Choose a reason: the author reads it.")
        kind, reason = data.get("kind"), data.get("reason")
        if kind and reason and reason not in reasons_for(kind):
            self.add_error("reason", "This reason does not go with what you do. Choose another.")
        return data

    def reasons_by_kind(self) -> dict[str, list[str]]:
        """For the script, which offers only the reasons that go with the choice."""
        return {kind: list(reasons_for(kind)) for kind in KINDS}

    def typed(self) -> list[tuple[str, str]]:
        """What was written by hand, with labels: not lost when somebody else was first."""
        fields = [self[name] for name in ("message", "note")]
        return [(str(f.label), str(f.value())) for f in fields if self.is_bound and f.value()]

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
            also_remove=data["also_remove"] and data["kind"] in AGAINST_THE_AUTHOR,
        )
