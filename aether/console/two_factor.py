"""Setting up a second factor: a secret for the authenticator, proven by one code."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret, get_totp_secret, validate_totp_code
from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.console.signing_in import has_totp


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code that it shows now"),
        max_length=16,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._secret = secret

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self._secret, code):
            raise forms.ValidationError(_("That is not the code of this secret at this time."))
        return code


def two_factor(request: HttpRequest) -> HttpResponse:
    """Show the secret; with the right code, keep it and show the recovery codes, once."""
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Second factor")}
    if has_totp(request.user):
        return TemplateResponse(request, "console/two_factor_done.html", context)
    secret = get_totp_secret()
    form = CodeForm(request.POST or None, secret=secret)
    if request.method == "POST" and form.is_valid():
        context["recovery_codes"] = _activate(request, secret)
        return TemplateResponse(request, "console/two_factor_done.html", context)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context |= {"form": form, "secret": secret, "picture": picture}
    return TemplateResponse(request, "console/two_factor.html", context)


@transaction.atomic
def _activate(request: HttpRequest, secret: str) -> list[str]:
    TOTP.activate(request.user, secret)
    clear_totp_secret(request)
    codes: list[str] = RecoveryCodes.activate(request.user).get_unused_codes()
    return codes
