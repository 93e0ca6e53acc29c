"""Joining a room: accept its guidelines, choose a name for it."""

from typing import Any

from django import forms

OTHER = "-"


class JoinForm(forms.Form):
    handle = forms.ChoiceField(label="Your name in this room", widget=forms.RadioSelect)
    wished = forms.CharField(
        label="Another name",
        required=False,
        max_length=32,
        help_text="3 to 32 letters, digits, - or _. Not a name that people know you by.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    accepts = forms.BooleanField(label="I have read the charter and keep to its guidelines.")
    shows_presence = forms.BooleanField(
        label="Show my name in “who is here” while I am in the room", required=False
    )
    charter_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: list[str], suggested: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [*own, *suggested]
        choices = [(name, name) for name in self.offered]
        field = self.fields["handle"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [*choices, (OTHER, "Another name, which I type below")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("handle") == OTHER and not data.get("wished", "").strip():
            self.add_error("wished", "Type the name that you wish for.")
        return data

    def name(self) -> str:
        chosen: str = self.cleaned_data["handle"]
        return self.cleaned_data["wished"] if chosen == OTHER else chosen
