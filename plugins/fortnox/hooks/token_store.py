"""Where the rotating refresh token lives between tasks."""

import json

from airflow.sdk import Variable

from fortnox.api.rotation import StoredToken
from fortnox.core.errors import FatalError


class VariableTokenStore:
    """The rotating refresh token in an Airflow Variable: encrypted, and tasks may write it.

    Tasks can't change a Connection, and the state stores are plain text. The key holds "token",
    so that Airflow masks the value in logs. Do not set it as ``AIRFLOW_VAR_...``: the environment
    would hide what was stored.
    """

    def __init__(self, conn_id: str) -> None:
        self.key = f"fortnox_token_{conn_id}"

    def load(self) -> StoredToken | None:
        """The newest token, or None if there is none yet or somebody emptied the Variable."""
        text = Variable.get(self.key, default="")
        if not text:
            return None
        try:
            data = json.loads(text)
            return StoredToken(
                refresh_token=str(data["refresh_token"]),
                access_token=str(data["access_token"]),
                expires_at_s=int(data["expires_at_s"]),
                seed=str(data["seed"]),
            )
        except (ValueError, KeyError, TypeError):
            # Without a cause: it would quote the text, which is a token.
            pass
        raise FatalError(
            f"The Variable {self.key} does not hold a token of ours.",
            remedy="Delete it; the refresh token of the connection is used then.",
        )

    def save(self, token: StoredToken) -> None:
        """Store, encrypted, before the token is used."""
        data = {
            "refresh_token": token.refresh_token,
            "access_token": token.access_token,
            "expires_at_s": token.expires_at_s,
            "seed": token.seed,
        }
        Variable.set(self.key, json.dumps(data))
