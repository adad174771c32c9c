"""What undoing may refuse to the staff: about scopes, cases and debts, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class WrongScopeError(GameError):
    code = "economy.wrong_scope"
    en = "The scope is wrong: {problem}."
    fr = "La portée est incorrecte : {problem}."


class ScopeTooWideError(GameError):
    code = "economy.scope_too_wide"
    en = "Name characters, entries, assets or causes: a time alone is everybody's."
    fr = "Nommez des personnages, des écritures, des biens ou des causes : un temps seul est à tous."


class ScopeTooLargeError(GameError):
    code = "economy.scope_too_large"
    en = "This is more than {most} lines: narrow the scope."
    fr = "Cela fait plus de {most} lignes : réduisez la portée."


class CaseStateError(GameError):
    code = "economy.case_state"
    http_status = 409
    en = "The case is not in a state for this."
    fr = "L'état du dossier ne le permet pas."


class CaseStaleError(GameError):
    code = "economy.case_stale"
    http_status = 409
    en = "Something has changed since the dry run: make a new one."
    fr = "Quelque chose a changé depuis la simulation : refaites-la."


class AlreadyUndoneError(GameError):
    code = "economy.already_undone"
    http_status = 409
    en = "This case has been undone already."
    fr = "Ce dossier a déjà été annulé."


class NoDebtError(GameError):
    code = "economy.no_debt"
    http_status = 404
    en = "Nothing is owed here."
    fr = "Il n'y a pas de dette ici."
