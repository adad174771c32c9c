"""Keeps the secrets of second factors sealed, so that a copy of the database opens no door."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

LABEL = b"aether.second-factor.v1"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Seals with the present secret key, opens with that and the former ones (SECRET_KEY_FALLBACKS)."""

    def encrypt(self, text: str) -> str:
        return _seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seals().decrypt(encrypted_text.encode()).decode()


def _seals() -> MultiFernet:
    return MultiFernet([_seal(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _seal(secret_key: str | bytes) -> Fernet:
    digest = hashlib.sha256(LABEL + force_bytes(secret_key)).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
