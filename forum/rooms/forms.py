"""Joining a room: accept its guidelines, choose a name for it."""

from typing import Any

from django import forms
from django.http import QueryDict

OTHER = "-"


def chosen(data: QueryDict) -> QueryDict:
    """What was sent, with "another name" chosen where one was typed: when that name is refused, no
    suggestion stands chosen in its place."""
    if not data.get("wished", "").strip():
        return data
    data = data.copy()
    data["handle"] = OTHER
    return data


class JoinForm(forms.Form):
    handle = forms.ChoiceField(label="Your name in this room", widget=forms.RadioSelect)
    wished = forms.CharField(
        label="Another name",
        required=False,
        max_length=32,
        help_text="3 to 32 letters, digits, - or _. Not a name that people know you by. If you type"
        " one, it is yours, whatever is chosen above.",
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
        """The typed name if there is one: whoever types a name wants it, and names are for ever."""
        wished: str = self.cleaned_data["wished"].strip()
        chosen: str = self.cleaned_data["handle"]
        return wished or chosen
