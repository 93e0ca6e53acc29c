"""What is typed in a room, when it comes as a form."""

from uuid import uuid4

from django import forms

from forum.chat.models import MESSAGE_LENGTH, SHARE_LENGTH, TITLE_LENGTH
from moderation.gate import REMOVE_OWN, REPORT_REASONS
from moderation.ports import CONTENT_NOTES

NOTES = [("", "No content note"), *((note, note.capitalize()) for note in CONTENT_NOTES)]
# No maxlength: it would cut off the end of a pasted text without a word.
BODY = {"autocomplete": "off", "autocapitalize": "sentences", "rows": "2"}


class MessageForm(forms.Form):
    """One message. Limits and rules are those of posting.post; here is only the shape."""

    body = forms.CharField(
        label="Your message",
        strip=False,
        widget=forms.Textarea(attrs={**BODY, "data-most": MESSAGE_LENGTH}),
    )
    content_note = forms.ChoiceField(label="Content note", choices=NOTES, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    share = forms.UUIDField(widget=forms.HiddenInput, required=False)
    nudged = forms.UUIDField(widget=forms.HiddenInput, required=False)


class ShareForm(MessageForm):
    title = forms.CharField(
        label="Title",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label="Your share",
        strip=False,
        widget=forms.Textarea(attrs={**BODY, "rows": "12", "data-most": SHARE_LENGTH}),
    )
    field_order = ("title", "body", "content_note", "client_id", "share", "nudged")


class EditForm(forms.Form):
    body = forms.CharField(
        label="New words", strip=False, widget=forms.Textarea(attrs={**BODY, "rows": "6"})
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="What is it about?",
        choices=[(key, words) for key, (words, _, _) in REPORT_REASONS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Anything the moderators should know (optional)",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )


class RemovalForm(ReportForm):
    """The same about one's own message: it can only be about having it removed."""

    reason = forms.ChoiceField(
        choices=[(REMOVE_OWN, "")], initial=REMOVE_OWN, widget=forms.HiddenInput
    )
