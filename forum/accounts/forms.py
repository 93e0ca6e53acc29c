"""Forms of the account pages."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forum.accounts import known_browser
from forum.care import choice

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}


def focus_first_wrong(form: forms.Form) -> None:
    """Show the form again at the first field that was refused, with or without a script."""
    for name, field in form.fields.items():
        if name in form.errors:
            field.widget.attrs["autofocus"] = True
            return


class SignUpForm(forms.Form):
    sign_in_name = forms.CharField(
        label="Sign-in name",
        max_length=64,
        help_text="Only you ever see this. You need it to sign in, so keep it somewhere.",
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    passphrase = forms.CharField(
        label="Passphrase",
        min_length=10,
        max_length=256,
        strip=False,
        help_text="At least 10 characters. A few plain words are easier to keep than symbols.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    is_adult = forms.BooleanField(label="I am 18 or older.")
    understands = forms.BooleanField(
        label="I know that this is support between peers, not medical care or an emergency service."
    )


class SignInForm(LoginForm):  # type: ignore[misc] # allauth is not typed
    shared_device = forms.BooleanField(
        label="This is a shared device",
        required=False,
        help_text="You are signed out when the browser closes, or after 30 minutes.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        _label(self.fields["login"], "Sign-in name", autocapitalize="off", spellcheck="false")
        _label(self.fields["password"], "Passphrase")
        self.fields["password"].help_text = ""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        shared = self.cleaned_data["shared_device"]
        self.cleaned_data["remember"] = not shared
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        request.session.set_expiry(settings.SHARED_DEVICE_SECONDS if shared else None)
        if not shared:  # there the choice may be somebody else's
            choice.adopt(request)
            known_browser.remember(response, self.user)
        return response


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc] # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields["code"], "Code from your authenticator app", **CODE)


class SecondFactorAgainForm(ReauthenticateForm):  # type: ignore[misc] # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields["code"], "Code from your authenticator app", **CODE)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc] # allauth is not typed
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields["code"], "Code that the app shows", **CODE)


class RecoverForm(forms.Form):
    sign_in_name = forms.CharField(
        label="Sign-in name",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off"}),
    )
    recovery_key = forms.CharField(
        label="Recovery key",
        max_length=80,
        help_text="Eight groups of four. Small letters and missing dashes are fine.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    passphrase = forms.CharField(
        label="New passphrase",
        min_length=10,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class ConfirmKeyForm(forms.Form):
    part = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class PassphraseForm(forms.Form):
    old = forms.CharField(
        label="Passphrase now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New passphrase",
        min_length=10,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def _label(field: forms.Field, label: str, **attributes: str) -> None:
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)
