"""Pages of the recovery key: it is shown, then asked for without being shown."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from forum.accounts import noting
from forum.accounts.forms import ConfirmKeyForm
from forum.accounts.models import Account
from forum.accounts.noting import Question
from forum.accounts.views import AFTER_KEY, account_of, keep_next, put_error
from forum.errors import Refused


@login_required
@require_http_methods(["GET", "POST"])
def recovery_key(request: HttpRequest) -> HttpResponse:
    """The key while it is new; after that a question about it; after that nothing."""
    account = account_of(request)
    keep_next(request)
    if request.method == "POST" and "noted" in request.POST:
        noting.let_go(request.session, account)
        return redirect("accounts:recovery_key")
    if key := noting.shown(request.session):
        return render(request, "accounts/recovery_key.html", {"groups": key.split("-")})
    if question := noting.question(request.session, account):
        return _question_page(request, account, question)
    if account.recovery_confirmed:
        return redirect("accounts:settings")
    return render(request, "accounts/recovery_key_ask.html")


def _question_page(request: HttpRequest, account: Account, question: Question) -> HttpResponse:
    form = ConfirmKeyForm(request.POST or None)
    form.fields["part"].label = f"Group {question.group} of your key"
    if request.method == "POST" and form.is_valid():
        try:
            noting.confirm(request.session, account, form.cleaned_data["part"])
        except Refused as refused:
            put_error(form, refused)
        else:
            return redirect(request.session.pop(AFTER_KEY, "rooms:catalogue"))
    status = 422 if form.errors else 200
    return render(request, "accounts/recovery_key_ask.html", {"form": form}, status=status)


@login_required
@require_GET
def recovery_key_file(request: HttpRequest) -> HttpResponse:
    key = noting.shown(request.session)
    if key is None:
        raise Refused("key.gone", "The key was shown already. You can make a new one.", status=404)
    text = f"{key}\n\nKeep this where only you look. It gets you back in once.\n"
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="key.txt"'},
    )
