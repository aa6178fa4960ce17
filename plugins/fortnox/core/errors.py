"""Errors named by what the caller can do.

::

    PipelineError
    ├── FatalError           nothing helps but a person: wrong key, wrong company, bad mapping
    ├── UnreachableError     try again later: connection refused, 429, 5xx on a read
    ├── LeaseTakenError      another run writes to this company now: try again soon
    ├── UnknownOutcomeError  a write was sent and no answer came: look it up before anything else
    ├── DocumentError        this document is held, the others go on
    └── DifferenceError      the books and the shop differ: the report says where

Messages never hold names, e-mails, addresses, tokens or bodies.
"""


class PipelineError(Exception):
    """Base of all errors of this package.

    Args:
        message: What happened, in one sentence, without personal data or secrets.
        remedy: What the reader can do about it.
        vendor_code: Fortnox's error code, e.g. 2000637.
        vendor_message: Fortnox's text, stripped of the values that it quotes.
        http_status: Status of the answer, if there was one.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        vendor_code: int | None = None,
        vendor_message: str = "",
        http_status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.vendor_code = vendor_code
        self.vendor_message = vendor_message
        self.http_status = http_status

    def __str__(self) -> str:
        vendor = ""
        if self.vendor_code is not None or self.vendor_message:
            code = "" if self.vendor_code is None else f" {self.vendor_code}"
            vendor = f" [Fortnox{code}: {self.vendor_message}]"
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.message}{vendor}{remedy}"


class FatalError(PipelineError):
    """Nothing helps but a person: credentials, company, configuration."""


class UnreachableError(PipelineError):
    """The other side can't be reached or is overloaded; reading again later is safe."""


class LeaseTakenError(PipelineError):
    """Another process writes to this company right now."""


class UnknownOutcomeError(PipelineError):
    """A write was sent and its outcome is unknown; look it up before any new try."""


class DocumentError(PipelineError):
    """Fortnox refuses this document; it is held and the rest goes on."""


class DifferenceError(PipelineError):
    """Shop, documents and ledger don't agree."""
