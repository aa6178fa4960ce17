"""Fortnox's refusals: HTTP status, code and Swedish text as recorded or documented.

Codes from 9000000 are ours: Fortnox refuses there too, but nobody has published its code. No
client may act on those numbers.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """One way to refuse; the text may hold ``{}`` fields."""

    status: int
    code: int
    text: str


BAD_RESPONSE_TYPE = Kind(400, 1000030, "Invalid response type")
BAD_CONTENT_TYPE = Kind(400, 1000031, "Invalid content type")
SYSTEM_EXCEPTION = Kind(500, 1000003, "System exception")
ARTICLE_NUMBER_TAKEN = Kind(400, 2000013, 'Artikelnummer "{number}" används redan.')
NOT_ALPHANUMERIC = Kind(400, 2000106, "Värdet måste vara alfanumeriskt ({value})")
NOT_NUMERIC = Kind(400, 2000108, "Värdet måste vara numeriskt ({value})")
NOT_BOOLEAN = Kind(400, 2000134, "Värdet måste vara en boolean ({value})")
CUSTOMER_UNKNOWN = Kind(400, 2000204, "Kunde inte hämta/hitta kund ({number})")
SALES_PRICE_READ_ONLY = Kind(400, 2000321, "SalesPrice cannot be set here (use /prices)")
FORBIDDEN_CHARACTERS = Kind(400, 2000359, "Värdet innehåller ej tillåtna tecken. ({value})")
PERIOD_LOCKED = Kind(
    400, 2000401, "{who} har låst perioden t.o.m. {end}. Lås upp perioden för att fortsätta."
)
ORDER_CANCELLED = Kind(400, 2000397, "Ordernummer {number} är makulerad och kan inte behandlas.")
ACCOUNT_NOT_FOUND = Kind(404, 2000423, "Kan inte hitta kontot.")
ARTICLE_NOT_FOUND = Kind(404, 2000428, "Kan inte hitta artikeln.")
TERMS_NOT_FOUND = Kind(404, 2000429, "Kan inte hitta betalningsvillkoret.")
UNIT_NOT_FOUND = Kind(404, 2000432, "Kan inte hitta enheten.")
CUSTOMER_NOT_FOUND = Kind(404, 2000433, "Kan inte hitta kunden.")
INVOICE_NOT_FOUND = Kind(404, 2000434, "Kan inte hitta fakturan.")
ORDER_NOT_FOUND = Kind(404, 2000439, "Kan inte hitta ordern.")
ORDER_INVOICED = Kind(
    400, 2000496, "Ordernummer {number} är redan fakturerad och kan inte behandlas."
)
# The three offer texts follow those of orders; only the codes were seen.
OFFER_ORDERED = Kind(400, 2000499, "Offertnummer {number} har redan en order.")
BAD_FILTER = Kind(400, 2000587, "Ett ogiltigt filter har använts.")
BAD_PARAMETER = Kind(400, 2000588, "Ogiltig parameter i anropet.")
CUSTOMER_NUMBER_TAKEN = Kind(400, 2000637, "Kundnummer {number} används redan.")
CUSTOMER_NUMBER_DELETED = Kind(
    400,
    2000637,
    "Kundnummer {number} används redan. Kundnumret har redan använts men blivit raderat.",
)
SCOPE_MISSING = Kind(400, 2000663, "Har inte behörighet för scope")
VALUE_IS_NULL = Kind(400, 2000699, "Värdet kan inte vara null.")
NO_IDENTIFIER = Kind(400, 2000729, "A valid identifier was not provided.")
BAD_COUNTRY = Kind(400, 2000919, "Ogiltigt land: {name}")
COST_CENTER_MANDATORY = Kind(400, 2000946, "Kostnadsställe är obligatoriskt på konto: {number}")
COST_CENTER_INACTIVE = Kind(400, 2000947, 'Angivet kostnadsställe "{code}" är inte aktivt.')
PAYMENT_BEFORE_INVOICE = Kind(400, 2001089, "Betalningsdatum är före fakturadatum.")
OFFER_LOCKED = Kind(400, 2001243, "Offertnummer {number} är låst och kan inte ändras.")
PREDEFINED_ACCOUNT_BAD = Kind(400, 2001265, "Kontot finns inte eller är inte aktivt.")
ALREADY_CANCELLED = Kind(400, 2001279, "Är redan makulerad.")
ROW_ARTICLE_UNKNOWN = Kind(400, 2001302, "Kunde inte hitta artikel")
ROW_ACCOUNT_UNKNOWN = Kind(400, 2001304, "Kunde inte hitta konto")
LOCKED_CANT_CANCEL = Kind(400, 2001383, "Är låst och kan inte makuleras.")
NO_DATA = Kind(400, 2001392, "Ingen eller felaktig typ av data.")
UNKNOWN_FIELD = Kind(400, 2001399, "Felaktigt fältnamn ({name})")
BAD_JSON = Kind(400, 2002115, "Error deserializing JSON: JSON_ERROR_SYNTAX")
ACCOUNT_NOT_FOUR_DIGITS = Kind(400, 2002462, "Kontonumret måste bestå av fyra siffror.")
BAD_STRUCTURE = Kind(400, 2002649, "Felaktig datastruktur.")
HOUSEWORK_OTHER_COSTS = Kind(
    400, 2002980, "Kan inte sätta typen övrig kostnad på en rad markerad som husarbete."
)
ALREADY_PAID = Kind(400, 2003055, "Fakturan är redan betald.")
NOT_DELIVERED = Kind(400, 2003124, "Enbart ordrar som levererats ut kan klarmarkeras")
WAREHOUSE_READY = Kind(400, 2003125, "Ett klarmarkerat dokument kan inte ändras")
OUTBOUND_IN_FUTURE = Kind(400, 2003126, "Utleveransdatum kan inte vara senare än dagens datum")
WAREHOUSE_KEEPS_STOCK = Kind(400, 2003127, "Lagersaldot hanteras av lagermodulen.")
WAREHOUSE_OFF = Kind(400, 2003127, "Lagermodulen är inte aktiverad.")
HOUSEWORK_EXPIRED = Kind(
    400, 2003157, "Skattereduktion för den valda typen av husarbete har upphört."
)
NOT_WAREHOUSE_READY = Kind(
    400,
    2003498,
    "Kunde inte bokföra fakturanummer {number}. Faktura som bokförs måste vara klarmarkerad",
)
ROW_EMPTY = Kind(400, 2003977, "Rad med antal saknar artikel och beskrivning.")
HOUSEWORK_WITHOUT_REDUCTION = Kind(
    400,
    2004019,
    "Dokument utan angiven skattereduktionstyp får inte innehålla artikelrader med husarbetestyp.",
)
HOUSEWORK_WRONG_REDUCTION = Kind(
    400,
    2004021,
    "Dokument med skattereduktionstypen '{reduction}' får inte innehålla rader med "
    "husarbetestypen '{work}'.",
)
CURRENCY_UNKNOWN = Kind(400, 2004344, "Kunde inte hämta/hitta valuta")

# The text is known, the code is not.
ACCOUNT_INACTIVE = Kind(400, 9000001, 'Konto "{number}" är inte aktivt.')
WRITE_OFF_INACTIVE = Kind(400, 9000002, 'Angivet bortskrivningskonto "{number}" är inte aktivt')
VAT_UNKNOWN = Kind(400, 9000003, "Kunde inte hämta/hitta moms")
NOT_BOOKED = Kind(400, 9000004, "Fakturan är inte bokförd")
SERIES_NOT_MANUAL = Kind(400, 9000005, "Verifikationsserien är inte manuell ({code})")
SERIES_UNKNOWN = Kind(400, 9000006, "Ogiltig verifikationsserie angiven")
COST_CENTER_UNKNOWN = Kind(400, 9000007, "Kunde inte hämta/hitta kostnadsställe")
NO_FINANCIAL_YEAR = Kind(
    500,
    9000008,
    "Räkenskapsår finns inte upplagt. För att kunna skapa en faktura krävs det att det finns "
    "ett räkenskapsår",
)
CURRENCY_MISMATCH = Kind(400, 9000009, "Currency {one} and Currency {other} does not match")
BANK_DETAILS_MISSING = Kind(400, 9000010, "Bankuppgifter saknas")
ROWS_FROM_ORDER = Kind(
    400,
    9000011,
    "En eller flera rader har koppling till en order, det går därför inte att uppdatera raderna "
    "via API.",
)

# Neither text nor code is known; that Fortnox refuses is.
TOO_LONG = Kind(400, 9000101, "Värdet är för långt ({name}, max {length} tecken)")
BAD_DATE = Kind(400, 9000102, "Felaktigt datum ({value})")
BAD_VALUE = Kind(400, 9000103, "Ogiltigt värde ({name})")
ALREADY_BOOKED = Kind(400, 9000104, "Fakturan är redan bokförd och kan inte ändras.")
NOT_COMPLETED = Kind(400, 9000105, "Fakturan är inte klarmarkerad.")
UNBALANCED = Kind(400, 9000106, "Verifikationen balanserar inte.")
TOO_FEW_ROWS = Kind(400, 9000107, "Verifikationen måste ha minst två rader.")
DATE_OUTSIDE_YEAR = Kind(400, 9000108, "Datumet ligger utanför räkenskapsåret.")
DOCUMENT_NUMBER_TAKEN = Kind(400, 9000109, "Dokumentnummer {number} används redan.")
CUSTOMER_INACTIVE = Kind(400, 9000110, "Kunden är inte aktiv.")
ARTICLE_INACTIVE = Kind(400, 9000111, "Artikeln är inte aktiv.")
IN_USE = Kind(400, 9000112, "Kan inte tas bort eftersom den används.")
CODE_TAKEN = Kind(400, 9000113, "Koden används redan.")
ALREADY_CREDITED = Kind(400, 9000114, "Fakturan är redan krediterad.")
REFERENCE_NOT_ALLOWED = Kind(400, 9000115, "CreditInvoiceReference kan inte anges.")
NO_EMAIL_ADDRESS = Kind(400, 9000116, "E-postadress saknas.")
TERMS_UNKNOWN = Kind(400, 9000117, "Kunde inte hämta/hitta betalningsvillkor")
UNIT_UNKNOWN = Kind(400, 9000118, "Kunde inte hämta/hitta enhet")
MODE_OF_PAYMENT_UNKNOWN = Kind(400, 9000119, "Kunde inte hämta/hitta betalningssätt")
PAYMENT_BOOKED = Kind(400, 9000120, "Betalningen är bokförd och kan inte ändras.")
TOO_MANY_ROWS = Kind(400, 9000121, "Dokumentet har för många rader.")
NOTHING_TO_PAY = Kind(400, 9000122, "Beloppet kan inte vara noll.")
INVOICE_UNKNOWN = Kind(400, 9000123, "Kunde inte hämta/hitta faktura")
OFFER_CANCELLED = Kind(400, 9000124, "Offertnummer {number} är makulerad och kan inte behandlas.")
OFFER_INVOICED = Kind(
    400, 9000125, "Offertnummer {number} är redan fakturerad och kan inte behandlas."
)
SERVICE_NOT_ACTIVE = Kind(400, 9000126, "Tjänsten {service} är inte aktiverad.")
NOTHING_TO_REMIND = Kind(400, 9000127, "Fakturan är inte förfallen.")
NO_ROWS = Kind(400, 9000130, "Dokumentet måste ha minst en rad.")
POSTED_WHEN_PAID = Kind(400, 9000131, "Fakturan bokförs när den betalas (kontantmetoden).")
NEGATIVE_PAYMENT = Kind(400, 9000129, "Beloppet kan inte vara negativt.")
AMOUNT_TOO_LARGE = Kind(400, 9000128, "Beloppet är för stort.")
PREDEFINED_NOT_FOUND = Kind(404, 9000201, "Kan inte hitta det förvalda kontot.")
YEAR_NOT_FOUND = Kind(404, 9000202, "Kan inte hitta räkenskapsåret.")
VOUCHER_NOT_FOUND = Kind(404, 9000203, "Kan inte hitta verifikationen.")
PAYMENT_NOT_FOUND = Kind(404, 9000204, "Kan inte hitta betalningen.")
RECORD_NOT_FOUND = Kind(404, 9000205, "Kan inte hitta posten.")
NO_SUCH_RESOURCE = Kind(404, 9000206, "Resursen finns inte.")
OFFER_NOT_FOUND = Kind(404, 9000208, "Kan inte hitta offerten.")
METHOD_NOT_ALLOWED = Kind(405, 9000207, "Metoden stöds inte.")


class ApiError(Exception):
    """A refusal on its way to the wire."""

    def __init__(self, kind: Kind, *, status: int | None = None, **values: object) -> None:
        self.code = kind.code
        self.status = kind.status if status is None else status
        self.text = kind.text.format(**values)
        super().__init__(self.text)

    def body(self) -> dict[str, object]:
        """404 answers have capital keys, all others lower-case ones (recordings, point 7)."""
        names = ("Error", "Message", "Code")
        if self.status != 404:  # noqa: PLR2004 - an HTTP status
            names = ("error", "message", "code")
        return {"ErrorInformation": dict(zip(names, (1, self.text, self.code), strict=True))}
