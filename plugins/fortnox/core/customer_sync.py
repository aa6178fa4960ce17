"""What to do with one customer, either way: pure decisions, one at a time.

Three-way: what both sides agreed on last time tells which of them changed. Only the side that the
customers come from is carried over; a field that a person changed on the other side stays, and one
that both changed is a conflict, which customer_policy.csv decides (``when_differs``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from fortnox.core.customer_match import CustomerChoice, CustomerIndex, choose_customer
from fortnox.core.customer_values import CardValues, content, fingerprint, fingerprints
from fortnox.core.documents import CustomerWish
from fortnox.core.mapping import CustomerPolicyRow

WhenDiffers = Literal["hold", "overwrite", "keep"]


class CustomerState(StrEnum):
    """What becomes of a customer in a run."""

    CREATE = "create"
    #: There is a counterpart; what it holds must be read to know more. Never in a report.
    COMPARE = "compare"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    HELD = "held"
    #: Both sides changed the same field, or nobody knows which of them did: held.
    CONFLICT = "conflict"
    #: Nothing to make a card of: no country, so no purchase yet; or the shop's staff.
    NOT_DUE = "not_due"
    #: On the shared card of customer_policy.csv (rule 25).
    SHARED = "shared"
    #: customer_policy.csv says ``sync`` update or off, and there is no counterpart.
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is remembered of an account: who its card is, and digests of what both sides had.

    ``seen`` is the content of the sending side when it was last carried; ``agreed`` holds the
    fingerprint of each field in which both sides were the same.
    """

    email: str = ""
    number: str = ""
    seen: str = ""
    agreed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens to one customer. ``values`` are those to write; personal data."""

    state: CustomerState
    customer_id: str
    number: str = ""
    code: str = ""
    reason: str = ""
    remedy: str = ""
    values: CardValues = field(default_factory=dict)
    #: What is remembered when it is done; None: nothing.
    known: Known | None = None
    #: E-mail and kind, for an account that is made in the shop.
    email: str = ""
    is_company: bool = False
    vat_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Fields to carry over, fields that both sides changed, and fields left as the other has."""

    changes: CardValues
    conflicts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def merge(
    sender: CardValues, receiver: CardValues, agreed: Mapping[str, str], when_differs: WhenDiffers
) -> Merge:
    """Compare field by field; what the sender does not have is never cleared at the receiver.

    Args:
        sender: Values of the side that the customers come from.
        receiver: The other side's, of the same fields.
        agreed: Fingerprints of what both had; fields that are missing here were never compared.
        when_differs: What a field becomes that both changed, or that was never compared.
    """
    changes: dict[str, str] = {}
    conflicts: list[str] = []
    kept: list[str] = []
    for name, value in sender.items():
        ours = fingerprint(name, value)
        theirs = fingerprint(name, receiver.get(name, ""))
        before = agreed.get(name)
        if not ours or ours == theirs:
            continue
        if before == ours:
            kept.append(name)
        elif theirs == (before or "") or when_differs == "overwrite":
            # Also an empty field at the receiver that was never compared: it is filled.
            changes[name] = value
        elif when_differs == "keep":
            kept.append(name)
        else:
            conflicts.append(name)
    return Merge(changes=changes, conflicts=tuple(conflicts), kept=tuple(kept))


def agreement(sender: CardValues, receiver: CardValues) -> dict[str, str]:
    """Fingerprints of the fields in which both sides are the same now."""
    theirs = fingerprints(receiver)
    return {name: one for name, one in fingerprints(sender).items() if theirs.get(name) == one}


def after_write(
    sender: CardValues, receiver: CardValues, before: Known, *, email: str, number: str
) -> Known:
    """What is remembered once both sides are as they are; fields that were kept stay as agreed."""
    return Known(
        email=email,
        number=number,
        seen=content(sender),
        agreed={**before.agreed, **agreement(sender, receiver)},
    )


def find_card(
    customer_id: str,
    wish: CustomerWish,
    policy: CustomerPolicyRow,
    index: CustomerIndex,
    known: Known,
) -> CustomerChoice | Decision:
    """The card of an account: the one it had, else by the match keys, else a new one by policy."""
    if known.number:
        if known.number in index.numbers:
            return CustomerChoice(number=known.number, create=False)
        return held(
            customer_id,
            "customer_card_gone",
            f"card {known.number} is inactive or deleted in Fortnox",
            "Activate it in Fortnox, or leave the customer held.",
        )
    if policy.when_missing == "shared":
        if policy.shared_customer_number in index.numbers:
            return Decision(state=CustomerState.SHARED, customer_id=customer_id)
        return held(
            customer_id,
            "shared_customer_missing",
            f"the shared customer {policy.shared_customer_number} is not active in Fortnox",
            "Create or activate it, or change customer_policy.csv.",
        )
    choice = choose_customer(wish, index)
    if isinstance(choice, str):
        if policy.when_missing == "hold" and choice.startswith("no customer card"):
            return Decision(state=CustomerState.LEFT_OUT, customer_id=customer_id)
        return held(
            customer_id,
            "customer_not_certain",
            choice,
            "Correct the cards in Fortnox so that one of them fits.",
        )
    if choice.create and policy.sync != "create":
        return Decision(state=CustomerState.LEFT_OUT, customer_id=customer_id)
    return choice


def decide_update(
    customer_id: str,
    sender: CardValues,
    receiver: CardValues,
    known: Known,
    when_differs: WhenDiffers,
    *,
    email: str,
    number: str,
) -> Decision:
    """Changed fields only, nothing, or a conflict that names the fields and no values."""
    found = merge(sender, receiver, known.agreed, when_differs)
    if found.conflicts:
        fields = ", ".join(found.conflicts)
        return Decision(
            state=CustomerState.CONFLICT,
            customer_id=customer_id,
            number=number,
            code="customer_conflict",
            reason=f"shop and card {number} differ in {fields}, and it is not known which is right",
            remedy="Make both sides the same, or set when_differs in customer_policy.csv.",
        )
    result = {**receiver, **found.changes}
    return Decision(
        state=CustomerState.UPDATE if found.changes else CustomerState.UNCHANGED,
        customer_id=customer_id,
        number=number,
        values=found.changes,
        known=after_write(sender, result, known, email=email, number=number),
        reason=f"{', '.join(found.changes)} changed" if found.changes else "",
    )


def held(customer_id: str, code: str, reason: str, remedy: str) -> Decision:
    """A customer that is left alone, and why."""
    return Decision(
        state=CustomerState.HELD,
        customer_id=customer_id,
        code=code,
        reason=reason,
        remedy=remedy,
    )
