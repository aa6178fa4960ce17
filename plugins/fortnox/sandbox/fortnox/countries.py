"""Country codes and the names that Fortnox takes and answers (Swedish or English).

Documents take a name and echo it; customers take a code and answer the Swedish name. A country
that is not here is refused, as Fortnox refuses "South Korea" (2000919).
"""

from typing import Final

_TABLE: Final = """
AD|Andorra|Andorra
AE|Förenade Arabemiraten|United Arab Emirates
AR|Argentina|Argentina
AT|Österrike|Austria
AU|Australien|Australia
AX|Åland|Åland Islands
BA|Bosnien och Hercegovina|Bosnia and Herzegovina
BE|Belgien|Belgium
BG|Bulgarien|Bulgaria
BR|Brasilien|Brazil
CA|Kanada|Canada
CH|Schweiz|Switzerland
CL|Chile|Chile
CN|Kina|China
CY|Cypern|Cyprus
CZ|Tjeckien|Czech Republic
DE|Tyskland|Germany
DK|Danmark|Denmark
EE|Estland|Estonia
EG|Egypten|Egypt
ES|Spanien|Spain
FI|Finland|Finland
FO|Färöarna|Faroe Islands
FR|Frankrike|France
GB|Storbritannien|United Kingdom
GI|Gibraltar|Gibraltar
GL|Grönland|Greenland
GR|Grekland|Greece
HK|Hongkong|Hong Kong
HR|Kroatien|Croatia
HU|Ungern|Hungary
ID|Indonesien|Indonesia
IE|Irland|Ireland
IL|Israel|Israel
IN|Indien|India
IS|Island|Iceland
IT|Italien|Italy
JP|Japan|Japan
KR|Sydkorea|Korea, Republic of
LI|Liechtenstein|Liechtenstein
LT|Litauen|Lithuania
LU|Luxemburg|Luxembourg
LV|Lettland|Latvia
MC|Monaco|Monaco
MT|Malta|Malta
MX|Mexiko|Mexico
MY|Malaysia|Malaysia
NL|Nederländerna|Netherlands
NO|Norge|Norway
NZ|Nya Zeeland|New Zealand
PL|Polen|Poland
PT|Portugal|Portugal
RO|Rumänien|Romania
RS|Serbien|Serbia
SE|Sverige|Sweden
SG|Singapore|Singapore
SI|Slovenien|Slovenia
SK|Slovakien|Slovakia
SM|San Marino|San Marino
TH|Thailand|Thailand
TR|Turkiet|Turkey
TW|Taiwan|Taiwan
UA|Ukraina|Ukraine
US|USA|United States
VA|Vatikanstaten|Holy See (Vatican City State)
VI|Amerikanska Jungfruöarna|Virgin Islands, U.S.
VN|Vietnam|Vietnam
XI|Nordirland|Northern Ireland
ZA|Sydafrika|South Africa
"""

_ROWS: Final = [line.split("|") for line in _TABLE.strip().splitlines()]
_SWEDISH: Final = {code: swedish for code, swedish, _ in _ROWS}
_NAMES: Final = {name.casefold() for row in _ROWS for name in row[1:]}


def swedish_name(code: str) -> str | None:
    """Name that Fortnox answers for a code; None for an unknown one."""
    return _SWEDISH.get(code.upper())


def is_name(name: str) -> bool:
    """True for a name that documents accept."""
    return name.casefold() in _NAMES
