"""The mapping files: CSV in, typed rows and look-ups out, every error at once. Pure.

``parse_mappings`` takes the files' bytes and gives what is valid together with all errors; a bad
row costs only the shop that it names.
"""

from fortnox.core.mapping.article_rows import ARTICLE_FIELDS, ArticleFieldRow
from fortnox.core.mapping.cells import MARKETS
from fortnox.core.mapping.cron import cron_of
from fortnox.core.mapping.delivery_rows import DeliveryMethodRow
from fortnox.core.mapping.document_rows import (
    NO_PAYMENT_METHOD,
    RATE_PCT_BY_VAT_CODE,
    AccountRow,
    CustomerPolicyRow,
    DocumentTypeRow,
    SpecialArticleRow,
)
from fortnox.core.mapping.evidence_rows import CurrencyRateRow, VatEvidenceRow
from fortnox.core.mapping.findings import EVERY_SHOP, MappingError
from fortnox.core.mapping.mappings import ROW_TYPES, Mappings
from fortnox.core.mapping.parse import ParsedMappings, parse_mappings
from fortnox.core.mapping.payout_rows import PayoutRow
from fortnox.core.mapping.shop_rows import CANCELLED_STATUS, EventRow, ShopRow
from fortnox.core.mapping.untaxed_rows import FoundIn, UntaxedAmountRow

__all__ = [
    "ARTICLE_FIELDS",
    "CANCELLED_STATUS",
    "EVERY_SHOP",
    "MARKETS",
    "NO_PAYMENT_METHOD",
    "RATE_PCT_BY_VAT_CODE",
    "ROW_TYPES",
    "AccountRow",
    "ArticleFieldRow",
    "CurrencyRateRow",
    "CustomerPolicyRow",
    "DeliveryMethodRow",
    "DocumentTypeRow",
    "EventRow",
    "FoundIn",
    "MappingError",
    "Mappings",
    "ParsedMappings",
    "PayoutRow",
    "ShopRow",
    "SpecialArticleRow",
    "UntaxedAmountRow",
    "VatEvidenceRow",
    "cron_of",
    "parse_mappings",
]
