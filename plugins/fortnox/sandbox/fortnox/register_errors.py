"""Refusals of the small registers, the supplier side and files; see ``errors`` for the rules.

Codes from 9000300 are ours: Fortnox refuses there too, but nobody has published its code.
"""

from fortnox.sandbox.fortnox.errors import Kind

TAX_REDUCTION_PERSON_TAKEN = Kind(
    400, 2000600, "Personnumret finns redan registrerat på dokumentet."
)
SUPPLIER_INVOICE_UNBALANCED = Kind(400, 2000755, "Leverantörsfakturan balanserar inte")
PROJECT_NOT_FOUND = Kind(404, 2001161, "Kan inte hitta projektet.")
NO_ACTIVE_LICENCE = Kind(403, 2001101, "Det finns ingen aktiv licens för önskat scope")
NO_API_LICENCE = Kind(403, 2001103, "Api-licens saknas.")
BAD_ASKED_AMOUNT = Kind(400, 2004217, "Begärt belopp måste vara ett positivt heltal.")

# The text is that of its neighbours in Fortnox, the code is ours.
ACCOUNT_INVALID_ON_MODE = Kind(400, 9000301, "Kunde inte hitta konto ({number})")
CURRENCY_CODE_INVALID = Kind(400, 9000302, "Ogiltig valutakod ({code})")
COST_CENTER_NOT_FOUND = Kind(404, 9000303, "Kan inte hitta kostnadsstället.")
MODE_NOT_FOUND = Kind(404, 9000304, "Kan inte hitta betalningssättet.")
CURRENCY_NOT_FOUND = Kind(404, 9000305, "Kan inte hitta valutan.")
TERMS_OF_DELIVERY_NOT_FOUND = Kind(404, 9000306, "Kan inte hitta leveransvillkoret.")
WAY_OF_DELIVERY_NOT_FOUND = Kind(404, 9000307, "Kan inte hitta leveranssättet.")
LABEL_NOT_FOUND = Kind(404, 9000308, "Kan inte hitta etiketten.")
PRICE_LIST_NOT_FOUND = Kind(404, 9000309, "Kan inte hitta prislistan.")
PRICE_NOT_FOUND = Kind(404, 9000310, "Kan inte hitta priset.")
PRICE_LIST_UNKNOWN = Kind(400, 9000311, "Kunde inte hämta/hitta prislista")
BASE_PRICE_STAYS = Kind(400, 9000312, "Grundpriset kan inte tas bort.")
YEAR_OVERLAPS = Kind(400, 9000313, "Räkenskapsåret överlappar eller gränsar inte till ett annat.")
PREDEFINED_SERIES_NOT_FOUND = Kind(404, 9000314, "Kan inte hitta den förvalda serien.")
SUPPLIER_NOT_FOUND = Kind(404, 9000315, "Kan inte hitta leverantören.")
SUPPLIER_UNKNOWN = Kind(400, 9000316, "Kunde inte hämta/hitta leverantör")
SUPPLIER_INACTIVE = Kind(400, 9000317, "Leverantören är inte aktiv.")
SUPPLIER_NUMBER_TAKEN = Kind(400, 9000318, "Leverantörsnumret används redan.")
SUPPLIER_INVOICE_NOT_FOUND = Kind(404, 9000319, "Kan inte hitta leverantörsfakturan.")
SUPPLIER_INVOICE_UNKNOWN = Kind(400, 9000320, "Kunde inte hämta/hitta leverantörsfaktura")
SUPPLIER_INVOICE_BOOKED = Kind(400, 9000321, "Leverantörsfakturan är bokförd och kan inte ändras.")
APPROVAL_OFF = Kind(400, 9000322, "Attest är inte aktiverat för företaget.")
FILE_NOT_FOUND = Kind(404, 9000323, "Kan inte hitta filen.")
FOLDER_NOT_FOUND = Kind(404, 9000324, "Kan inte hitta mappen.")
NO_FILE = Kind(400, 9000325, "Ingen fil bifogades.")
FILE_UNKNOWN = Kind(400, 9000326, "Kunde inte hämta/hitta fil")
FILE_CONNECTED = Kind(400, 9000327, "Filen är redan kopplad.")
CONNECTION_NOT_FOUND = Kind(404, 9000328, "Kan inte hitta filkopplingen.")
VOUCHER_UNKNOWN = Kind(400, 9000329, "Kunde inte hämta/hitta verifikation")
FOLDER_STAYS = Kind(400, 9000330, "Mappen kan inte tas bort.")
FOLDER_NAME_TAKEN = Kind(400, 9000331, "Mappen finns redan.")
TAX_REDUCTION_NOT_FOUND = Kind(404, 9000332, "Kan inte hitta skattereduktionen.")
TAX_REDUCTION_NOT_ON_DOCUMENT = Kind(400, 9000333, "Dokumentet har ingen skattereduktionstyp.")
WAY_OF_DELIVERY_UNKNOWN = Kind(400, 9000336, "Kunde inte hämta/hitta leveranssätt")
TERMS_OF_DELIVERY_UNKNOWN = Kind(400, 9000337, "Kunde inte hämta/hitta leveransvillkor")
DOCUMENT_UNKNOWN = Kind(400, 9000334, "Kunde inte hämta/hitta dokument")
BAD_PERSONAL_NUMBER = Kind(400, 9000335, "Ogiltigt personnummer.")
