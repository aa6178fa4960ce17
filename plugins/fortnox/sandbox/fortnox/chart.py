"""The default chart of accounts (BAS names), VAT codes and predefined accounts.

VAT code of an account decides the VAT of articles sold on it; the rate's own code decides the
account that the VAT is booked on (Fortnox support: VAT goes by the rate's code, not the sales
account's).
"""

from decimal import Decimal
from typing import Final, NamedTuple


class VatCode(NamedTuple):
    """A sales VAT code: its name, percent and output VAT account, 0 = none."""

    code: str
    rate_pct: Decimal
    account: int


def _code(code: str, rate_pct: str = "0", account: int = 0) -> VatCode:
    return VatCode(code, Decimal(rate_pct), account)


#: What a new company has: one code per box of the VAT return. The first code of a percent is the
#: one that a row with only a percent is booked by.
STANDARD_VAT_CODES: Final = (
    _code("MP1", "25", 2611),
    _code("MP2", "12", 2621),
    _code("MP3", "6", 2631),
    _code("MF"),
    _code("VTEU"),
    _code("FTEU"),
    _code("E"),
    _code("ÖTTU"),
    _code("OMSS"),
)

#: Predefined accounts of a company without "förenklad momshantering".
PREDEFINED: Final[dict[str, int]] = {
    "ACCRCOST": 1790,
    "ACCRINCOME": 1790,
    "ACCRINVOICE": 2990,
    "ACCRSINVOICE": 1790,
    "ADMFEE": 3540,
    "AG": 1930,
    "BG": 1930,
    "CASH": 1910,
    "CASHBYCARD": 1930,
    "CASHDISCOUNTIN": 4000,
    "CASHDISCOUNTOUT": 3730,
    "CONSTRUCTION_CRE": 2614,
    "CONSTRUCTION_DEB": 2647,
    "CURRENCYLOSS": 7960,
    "CURRENCYWIN": 3960,
    "CUSTCLAIM": 1510,
    "DEMAND": 3540,
    "FREIGHT": 3520,
    "INTEREST": 8313,
    "INVAT": 2641,
    "OUTVAT_MP1": 2611,
    "OUTVAT_MP2": 2621,
    "OUTVAT_MP3": 2631,
    "PG": 1920,
    "PRODUCT_CRE": 2615,
    "PRODUCT_DEB": 2645,
    "PURCASE": 4000,
    "ROUNDOFF": 3740,
    "SALES": 3001,
    "SALES2": 3001,
    "SALESCONSTR2": 3231,
    "SALESEUREV": 3108,
    "SALESEUREV2": 3308,
    "SALESEUVAT": 3106,
    "SALESEUVAT2": 3308,
    "SALESEXPORT": 3105,
    "SALESEXPORT2": 3305,
    "SERVICE_CRE": 2614,
    "SERVICE_DEB": 2645,
    "SUPADMFEE": 6570,
    "SUPDEBT": 2440,
    "SUPFREIGHT": 5710,
    "WCARD": 1580,
}

_CHART = """
1010 Utvecklingsutgifter
1220 Inventarier och verktyg
1229 Ackumulerade avskrivningar på inventarier och verktyg
1250 Datorer
1460 Lager av handelsvaror
1510 Kundfordringar
1511 Kundfordringar
1512 Belånade kundfordringar (factoring)
1513 Kundfordringar - delad faktura
1516 Tvistiga kundfordringar
1519 Nedskrivning av kundfordringar
1580 Fordringar för kontokort och kuponger
1581 Fordringar Klarna
1582 Fordringar Stripe
1583 Fordringar PayPal
1584 Fordringar Swish
1585 Fordringar kontokort övriga
1630 Avräkning för skatter och avgifter (skattekonto)
1650 Momsfordran
1680 Andra kortfristiga fordringar
1686 Fordringar för kontokort och kuponger
1690 Fordringar för tecknat men ej inbetalt aktiekapital
1710 Förutbetalda hyreskostnader
1790 Övriga förutbetalda kostnader och upplupna intäkter
1910 Kassa
1920 PlusGiro
1930 Företagskonto/checkkonto/affärskonto
1940 Övriga bankkonton
1980 Valutakonton
2081 Aktiekapital
2091 Balanserad vinst eller förlust
2098 Vinst eller förlust från föregående år
2099 Årets resultat
2420 Förskott från kunder
2421 Ej inlösta presentkort
2440 Leverantörsskulder
2510 Skatteskulder
2611 Utgående moms på försäljning inom Sverige, 25 % | U1
2614 Utgående moms omvänd betalningsskyldighet, 25 % | UTFU1
2615 Utgående moms import av varor, 25 % | UI25
2621 Utgående moms på försäljning inom Sverige, 12 % | U2
2624 Utgående moms omvänd betalningsskyldighet, 12 % | UTFU2
2625 Utgående moms import av varor, 12 % | UI12
2631 Utgående moms på försäljning inom Sverige, 6 % | U3
2634 Utgående moms omvänd betalningsskyldighet, 6 % | UTFU3
2635 Utgående moms import av varor, 6 % | UI6
2641 Debiterad ingående moms | I
2645 Beräknad ingående moms på förvärv från utlandet | I
2647 Ingående moms omvänd betalningsskyldighet varor och tjänster i Sverige | I
2650 Redovisningskonto för moms | R2
2670 Utgående moms på försäljning inom EU, OSS
2671 Utgående moms OSS, land 1
2672 Utgående moms OSS, land 2
2673 Utgående moms OSS, land 3
2710 Personalskatt
2731 Avräkning lagstadgade sociala avgifter
2820 Kortfristiga skulder till anställda
2890 Övriga kortfristiga skulder
2891 Utländsk mervärdesskatt, VOEC
2920 Upplupna semesterlöner
2990 Övriga upplupna kostnader och förutbetalda intäkter
3001 Försäljning inom Sverige, 25 % moms | MP1
3002 Försäljning inom Sverige, 12 % moms | MP2
3003 Försäljning inom Sverige, 6 % moms | MP3
3004 Försäljning inom Sverige, momsfri | MF
3041 Försäljning tjänster inom Sverige, 25 % moms | MP1
3042 Försäljning tjänster inom Sverige, 12 % moms | MP2
3043 Försäljning tjänster inom Sverige, 6 % moms | MP3
3044 Försäljning tjänster inom Sverige, momsfri | MF
3051 Försäljning varor inom Sverige, 25 % moms | MP1
3052 Försäljning varor inom Sverige, 12 % moms | MP2
3053 Försäljning varor inom Sverige, 6 % moms | MP3
3054 Försäljning varor inom Sverige, momsfri | MF
3105 Försäljning varor till land utanför EU | E
3106 Försäljning varor till annat EU-land, momspliktig | MP1
3107 Försäljning varor till annat EU-land, OSS
3108 Försäljning varor till annat EU-land, momsfri | VTEU
3231 Försäljning inom byggsektorn, omvänd betalningsskyldighet moms | OMSS
3305 Försäljning tjänster till land utanför EU | ÖTTU
3308 Försäljning tjänster till annat EU-land | FTEU
3510 Fakturerat emballage | MP1
3520 Fakturerade frakter, 25 % moms | MP1
3521 Fakturerade frakter, EU-land | VTEU
3522 Fakturerade frakter, export | E
3523 Fakturerade frakter, 12 % moms | MP2
3524 Fakturerade frakter, 6 % moms | MP3
3525 Fakturerade frakter, momsfria | MF
3530 Fakturerade tull- och speditionskostnader m.m. | MP1
3540 Faktureringsavgifter, 25 % moms | MP1
3541 Faktureringsavgifter, EU-land | VTEU
3542 Faktureringsavgifter, export | E
3543 Faktureringsavgifter, 12 % moms | MP2
3544 Faktureringsavgifter, 6 % moms | MP3
3550 Fakturerade resekostnader | MP1
3590 Övriga fakturerade kostnader | MP1
3690 Övriga sidointäkter
3730 Lämnade rabatter, 25 % moms | MP1
3731 Lämnade kassarabatter
3732 Lämnade mängdrabatter
3733 Lämnade rabatter, 12 % moms | MP2
3734 Lämnade rabatter, 6 % moms | MP3
3735 Lämnade rabatter, momsfria | MF
3740 Öres- och kronutjämning
3911 Hyresintäkter
3950 Återvunna, tidigare avskrivna kundfordringar
3960 Valutakursvinster på fordringar och skulder av rörelsekaraktär
3980 Erhållna offentliga bidrag
3990 Övriga ersättningar och intäkter
4000 Inköp av handelsvaror
4010 Inköp av material och varor
4531 Inköp av tjänster från ett land utanför EU, 25 % moms
4535 Inköp av tjänster från annat EU-land, 25 %
4960 Förändring av lager av handelsvaror
5010 Lokalhyra
5410 Förbrukningsinventarier
5420 Programvaror
5710 Frakter, transporter och försäkringar vid varudistribution
5910 Annonsering
6040 Kontokortsavgifter
6050 Försäljningsprovisioner
6064 Factoringavgifter
6110 Kontorsmateriel
6212 Mobiltelefon
6250 Postbefordran
6310 Företagsförsäkringar
6351 Konstaterade förluster på kundfordringar
6352 Befarade förluster på kundfordringar
6380 Förluster på övriga kortfristiga fordringar
6530 Redovisningstjänster
6540 IT-tjänster
6550 Konsultarvoden
6570 Bankkostnader
6991 Övriga externa kostnader, avdragsgilla
7010 Löner till kollektivanställda
7210 Löner till tjänstemän
7510 Lagstadgade sociala avgifter
7832 Avskrivningar på inventarier och verktyg
7960 Valutakursförluster på fordringar och skulder av rörelsekaraktär
8310 Ränteintäkter från omsättningstillgångar
8313 Ränteintäkter på kundfordringar
8330 Valutakursdifferenser på kortfristiga fordringar och placeringar
8410 Räntekostnader för långfristiga skulder
8910 Skatt som belastar årets resultat
8999 Årets resultat
"""

#: In the chart, but not in use until somebody activates them, as in a new company.
_INACTIVE: Final = frozenset({1010, 1512, 1513, 3051, 3052, 3053, 3054, 3107, 2671, 2672, 2673})


class Account(NamedTuple):
    """An account of the default chart."""

    number: int
    name: str
    vat_code: str
    active: bool


def default_chart() -> list[Account]:
    """All accounts of a new company, by number."""
    accounts = []
    for line in _CHART.strip().splitlines():
        number, _, rest = line.partition(" ")
        name, _, vat_code = rest.partition(" | ")
        accounts.append(Account(int(number), name, vat_code, int(number) not in _INACTIVE))
    return accounts


def is_balance_account(number: int) -> bool:
    """Accounts of classes 1 and 2 carry their balance into the next year (BAS)."""
    return 1000 <= number < 3000  # noqa: PLR2004 - BAS classes 1 and 2
