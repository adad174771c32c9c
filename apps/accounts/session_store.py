"""Sessions in the database, read by a statement that Django does not build anew for each request."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from aether.kernel import clock

_READ = "SELECT * FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """What every request that is signed in begins with."""

    def _get_session_from_db(self) -> Session | None:
        for row in Session.objects.raw(_READ, [self.session_key, clock.utc_now()]):
            return row
        self._session_key = None
        return None
