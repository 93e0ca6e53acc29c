"""Pages of the private account."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from forum.accounts import account as accounts
from forum.accounts import muting, network, noting, suggestions
from forum.accounts.forms import PassphraseForm, RecoverForm, SignUpForm, focus_first_wrong
from forum.accounts.models import Account, sign_in_key
from forum.accounts.second_factor import has_second_factor
from forum.accounts.sessions import stored_key
from forum.care import choice, lines
from forum.errors import Refused
from forum.limits import Buckets, Delays

AFTER_KEY = "after_key"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SIGN_UPS = Buckets(burst=20, per_second=20 / 3600)  # of one network
PASSPHRASES = Buckets(burst=5, per_second=5 / 900)  # asked for again by one account
RECOVERIES = Buckets(burst=10, per_second=10 / 3600)
RECOVERIES_OF_ONE = Delays(free=5, first=5.0, longest=60.0)


def account_of(request: HttpRequest) -> Account:
    """The signed-in account; pages that call this are behind login_required."""
    if not isinstance(request.user, Account):
        raise Refused("sign_in", "Please sign in first.")
    return request.user


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("rooms:catalogue")
    if request.method == "POST" and "again" not in request.POST:
        return _signed_up(request, SignUpForm(request.POST))
    first = {
        "sign_in_name": accounts.suggest_sign_in_name(),
        "is_adult": "is_adult" in request.POST,
        "understands": "understands" in request.POST,
        "passphrase": request.POST.get("passphrase", ""),
    }
    return _sign_up_page(request, SignUpForm(initial=first))


def _sign_up_page(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    focus_first_wrong(form)
    context = {"form": form, "suggested": suggestions.passphrase(), "next": _next(request)}
    return render(request, "accounts/sign_up.html", context, status=status)


def _signed_up(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    if not form.is_valid():
        return _sign_up_page(request, form, 422)
    if not SIGN_UPS.take(network.prefix_of(request)):
        form.add_error(None, "Many people joined from this network. Please try again in an hour.")
        return _sign_up_page(request, form, 429)
    try:
        account, key = accounts.sign_up(
            form.cleaned_data["sign_in_name"], form.cleaned_data["passphrase"]
        )
    except Refused as refused:
        put_error(form, refused)
        return _sign_up_page(request, form, refused.status)
    login(request, account, backend=BACKEND)
    choice.adopt(request)
    return _to_key(request, key)


def _to_key(request: HttpRequest, key: str) -> HttpResponse:
    noting.show(request.session, key)
    keep_next(request)
    return redirect("accounts:recovery_key")


def keep_next(request: HttpRequest) -> None:
    """Where somebody was going before they were sent to note their key."""
    if next_page := _next(request):
        request.session[AFTER_KEY] = next_page


def put_error(form: Form, refused: Refused) -> None:
    """Show a refusal at the field that its code names, or above the form."""
    fields = {
        "name": "sign_in_name",
        "passphrase": "new" if "new" in form.fields else "passphrase",
        "recovery": "part" if "part" in form.fields else "recovery_key",
    }
    field = fields.get(refused.code.split(".")[0])
    if refused.code == "passphrase.wrong":
        field = "old"
    form.add_error(field, ValidationError(refused.detail, code=refused.code))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else ""


# --- getting back in -----------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _check_recovery_rate(request, form.cleaned_data["sign_in_name"])
            account, key = accounts.recover(
                form.cleaned_data["sign_in_name"],
                form.cleaned_data["recovery_key"],
                form.cleaned_data["passphrase"],
            )
        except Refused as refused:
            put_error(form, refused)
        else:
            return _recovered(request, account, key)
    status = 422 if form.errors else 200
    return render(request, "accounts/recover.html", {"form": form}, status=status)


def _check_recovery_rate(request: HttpRequest, name: str) -> None:
    if not RECOVERIES.take(network.prefix_of(request)):
        raise Refused("slow_down", "Too many tries. Please wait an hour and try again.")
    if not RECOVERIES_OF_ONE.take(sign_in_key(name)):
        raise Refused("slow_down", "Too many tries. Please wait a minute and try again.")


def _recovered(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """With a second factor the way in goes on over the sign-in page, which asks for it."""
    if has_second_factor(account):
        noting.ask(request.session, account, key)
        return render(request, "accounts/recovered.html", {"groups": key.split("-")})
    login(request, account, backend=BACKEND)
    return _to_key(request, key)


# --- settings ------------------------------------------------------------------------------------


@login_required
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    return _settings(request, PassphraseForm())


def _settings(request: HttpRequest, form: PassphraseForm, status: int = 200) -> HttpResponse:
    account = account_of(request)
    here = stored_key(request.session.session_key or "")
    context = {
        "form": form,
        "account": account,
        "sessions": [(s, s.session_key == here) for s in accounts.sessions_of(account)],
        "mutes": muting.mutes_of(account),
        "has_second_factor": has_second_factor(account),
        "country": lines.country(account.country),
        "countries": lines.countries(),
    }
    return render(request, "accounts/settings.html", context, status=status)


@sensitive_post_parameters()
@login_required
@require_POST
def passphrase(request: HttpRequest) -> HttpResponse:
    form = PassphraseForm(request.POST)
    account = account_of(request)
    if not form.is_valid():
        return _settings(request, form, 422)
    here = stored_key(request.session.session_key or "")
    try:
        _check_passphrase_pace(account)
        accounts.change_passphrase(
            account, form.cleaned_data["old"], form.cleaned_data["new"], keep_session=here
        )
    except Refused as refused:
        put_error(form, refused)
        return _settings(request, form, refused.status)
    login(request, account, backend=BACKEND)  # a new key for this session, the only one left
    return redirect("accounts:settings")


def _check_passphrase_pace(account: Account) -> None:
    """Whoever holds a stolen session has no more guesses at the passphrase than a stranger."""
    if not PASSPHRASES.take(account.pk):
        raise Refused("slow_down", "Too many tries. Please wait a quarter of an hour.")


@login_required
@require_POST
def new_recovery_key(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    _check_passphrase_pace(account)
    if not account.check_password(request.POST.get("passphrase", "")):
        raise Refused("passphrase.wrong", "That is not your passphrase. Go back and try again.")
    return _to_key(request, accounts.renew_recovery_key(account))


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    if which := request.POST.get("session"):
        accounts.end_session(account, which)
    else:
        accounts.end_sessions(account, besides=stored_key(request.session.session_key or ""))
    return redirect("accounts:settings")


@login_required
@require_POST
def unmute(request: HttpRequest) -> HttpResponse:
    muting.unmute(account_of(request), request.POST.get("handle", ""))
    return redirect("accounts:settings")
