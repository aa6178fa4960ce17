"""The shop's forty products, made up; prices in kronor including Swedish VAT."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

#: Food is at 6 % in this time by Swedish law (2025/26 budget), and at 12 % before and after.
FOOD_AT_6_FROM = date(2026, 4, 1)
FOOD_AT_6_TO = date(2027, 12, 31)

STANDARD, REDUCED, LOW, ZERO = "", "reduced-rate", "reducerad-6", "zero-rate"
#: Tax class of a product -> its Swedish VAT rate in percent.
RATES = {STANDARD: Decimal(25), REDUCED: Decimal(12), LOW: Decimal(6), ZERO: Decimal(0)}
FOOD = "food"


@dataclass(frozen=True, slots=True)
class Article:
    """One product; ``kind`` is a tax class, or ``FOOD`` whose class depends on the date."""

    product_id: int
    name: str
    sku: str
    price: Decimal
    kind: str = STANDARD
    virtual: bool = False
    options: tuple[str, ...] = field(default=())

    def tax_class(self, day: date) -> str:
        """The product's tax class on a day."""
        if self.kind != FOOD:
            return self.kind
        return LOW if FOOD_AT_6_FROM <= day <= FOOD_AT_6_TO else REDUCED


def _articles() -> tuple[Article, ...]:
    goods, service = False, True
    sizes = ("S", "M", "L", "XL")
    rows: list[tuple[str, str, str, str, bool, tuple[str, ...]]] = [
        ("Tröja Tallkotte", "TRJ-TALL", "399.00", STANDARD, goods, sizes),
        ("Mössa Norrsken", "MOS-NORR", "249.00", STANDARD, goods, ("Grå", "Röd")),
        ("Yllehalsduk 30×180 cm", "HALS-30", "329.00", STANDARD, goods, ()),
        ("Keramikmugg “Dimma” 25 cl", "MUGG-DIM", "179.00", STANDARD, goods, ()),
        ("Tygkasse – linne", "KASSE-LIN", "89.00", STANDARD, goods, ()),
        ("Bivaxljus &amp; hållare", "LJUS-HALL", "219.00", STANDARD, goods, ()),
        ("Brevöppnare &lt;3 mässing", "BREV-MAS", "139.00", STANDARD, goods, ()),
        ("Termos 0,75 l", "TERM-075", "349.00", STANDARD, goods, ()),
        ("Handtvål enbär", "TVAL-ENB", "59.90", STANDARD, goods, ()),
        ("Diskborste björk", "BORST-BJ", "45.50", STANDARD, goods, ()),
        ("Stormkök ✨ Gnista", "KOK-GNI", "899.00", STANDARD, goods, ()),
        ("Hängmatta 300 cm", "HANG-300", "649.00", STANDARD, goods, ()),
        ("Kofta Älvdans", "KOFT-ALV", "1195.00", STANDARD, goods, sizes),
        ("Fågelholk ek", "", "275.00", STANDARD, goods, ()),
        ("Tändstickor 10-pack", "TAND-10", "19.90", STANDARD, goods, ()),
        ("Slipsten fin", "SLIP-FIN", "129.50", STANDARD, goods, ()),
        ("Fällkniv nr 7", "KNIV-7", "459.00", STANDARD, goods, ()),
        ("Vattenflaska 1 l", "FLASK-1", "229.00", STANDARD, goods, ()),
        ("Regnponcho", "PONCHO", "379.00", STANDARD, goods, ("Gul", "Grön")),
        ("Kaffebryggare kolv 8 koppar", "BRYGG-8", "499.00", STANDARD, goods, ()),
        ("Knivslipning, per kniv", "TJ-SLIP", "149.00", STANDARD, service, ()),
        ("Webbkurs: snickra en holk", "TJ-HOLK", "795.00", STANDARD, service, ()),
        ("Rådgivning trädgård 1 timme", "TJ-TRAD", "1250.00", STANDARD, service, ()),
        ("Digital stickbeskrivning", "DIG-STICK", "65.00", STANDARD, service, ()),
        ("Gårdskaffe mellanrost 500 g", "KAFFE-500", "84.90", FOOD, goods, ()),
        ("Knäckebröd havssalt", "KNACK-SALT", "42.50", FOOD, goods, ()),
        ("Hjortronsylt 350 g", "SYLT-HJ", "89.00", FOOD, goods, ()),
        ("Honung – ljung 500 g", "HON-LJ", "119.00", FOOD, goods, ()),
        ("Te “Midsommar” 100 g", "TE-MID", "99.50", FOOD, goods, ()),
        ("Choklad 70 % 🍫", "CHOK-70", "39.90", FOOD, goods, ()),
        ("Blåbärssaft 1 l", "", "54.00", FOOD, goods, ()),
        ("Skorpor kardemumma", "SKORP-K", "36.00", FOOD, goods, ()),
        ("Övernattning i drängstugan", "RUM-DR", "1190.00", REDUCED, service, ()),
        ("Afternoon tea för två", "CAFE-TEA", "590.00", REDUCED, service, ()),
        ("Konstlitografi “Tjärn”", "KONST-TJ", "1800.00", REDUCED, goods, ()),
        ("Boken om tallen", "BOK-TALL", "289.00", LOW, goods, ("Häftad", "Inbunden")),
        ("Kokbok: Från skogen", "BOK-SKOG", "345.00", LOW, goods, ()),
        ("Biljett sommarkonsert", "BILJ-KON", "320.00", LOW, service, ()),
        ("Frimärken inrikes 10 st", "FRIM-10", "180.00", ZERO, goods, ()),
        ("Medlemskap hembygdsföreningen", "MEDL-1", "250.00", ZERO, service, ()),
    ]
    return tuple(
        Article(101 + 10 * i, name, sku, Decimal(price), kind, virtual, options)
        for i, (name, sku, price, kind, virtual, options) in enumerate(rows)
    )


ARTICLES = _articles()
