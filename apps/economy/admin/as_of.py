"""The console's page of the past: what an account or a character held at a moment, and what changed since."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.console.moments import MomentField, moment_text, moment_value
from aether.console.panels import Page, PageContent, Shown, add_page
from aether.kernel import clock
from apps.economy import statements
from apps.economy.admin.ledger import account_link, asset_cell
from apps.economy.models import Account

ID_MAX = 2**53 - 1


class MomentsForm(forms.Form):
    """Whose, and which two moments; without a second one it is now."""

    character = forms.IntegerField(
        label=_("Character"),
        required=False,
        min_value=1,
        max_value=ID_MAX,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Its id: all of its accounts."),
    )
    account = forms.IntegerField(
        label=_("Ledger account"),
        required=False,
        min_value=1,
        max_value=ID_MAX,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Or the id of one account, also of a faucet or a sink."),
    )
    at = MomentField(label=_("At"))
    then = MomentField(label=_("Compared with"), required=False)


def read_as_of(request: HttpRequest) -> PageContent:
    """Return the page: from the lines alone, never from balances."""
    initial = {"at": moment_value(clock.utc_now() - timedelta(days=1))}
    form = MomentsForm(request.GET if {"character", "account"} & set(request.GET) else None, initial=initial)
    if not form.is_bound or not form.is_valid():
        return PageContent(form=form)
    at, then = form.cleaned_data["at"], form.cleaned_data["then"] or clock.utc_now()
    earlier, later = sorted((at, then))
    changes = statements.held_at(_accounts(form), earlier, later)
    return PageContent(
        form=form,
        tables=[
            Shown(
                title=gettext("Between %(earlier)s and %(later)s")
                % {"earlier": moment_text(earlier), "later": moment_text(later)},
                headers=[_("account"), _("asset"), _("earlier"), _("later"), _("difference")],
                rows=[
                    (
                        account_link(each.account),
                        asset_cell(each.asset),
                        each.before,
                        each.after,
                        f"{each.difference:+d}" if each.difference else "0",
                    )
                    for each in changes
                    if each.before or each.after
                ],
                empty=_("Nothing was held."),
            )
        ],
    )


def _accounts(form: MomentsForm) -> list[Account]:
    if form.cleaned_data["character"]:
        return statements.accounts_of(form.cleaned_data["character"])
    account = statements.account_named(form.cleaned_data["account"] or 0)
    return [account] if account else []


add_page(
    Page(
        name="as-of",
        title=_("As of a moment"),
        group=_("Economy"),
        icon="history",
        permission="economy.view_entry",
        read=read_as_of,
    )
)
