"""``try-vat-code``: the VAT codes of a shop's accounts.csv, tried in the connected company."""

from collections.abc import Iterator

from fortnox.api.vat_code_trial import try_vat_codes
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings
from fortnox.core.vat_code_trial import Tried, trials_of
from fortnox.preflight import use_stored_connections


def try_codes_of(mappings: Mappings, shop_key: str, customer_number: str) -> Iterator[Tried]:
    """Try them under the company's lease and behind its guard, as every write is.

    Raises:
        FatalError: Unknown shop, another company, no code to try.
        UnreachableError: Fortnox does not answer, or another run writes.
    """
    use_stored_connections()
    # Imported here: Airflow's hooks take seconds, which the other commands need not pay.
    from fortnox.steps.writing import writing_to  # noqa: PLC0415

    shop = mappings.shop(shop_key)
    trials = trials_of(mappings, shop)
    if not trials:
        raise FatalError(
            f"No row of accounts.csv for shop {shop_key} names a country, a rate and a vat_code.",
            remedy="Write a row for each country and rate, with the code that Fortnox has for it.",
        )
    with writing_to(shop, holder="try-vat-code") as writing:
        yield from try_vat_codes(writing.client, trials, customer_number)
