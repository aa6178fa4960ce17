"""What a user is told about each kind of bad input, and whom it costs."""

import codecs
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from fortnox.core.errors import FatalError
from fortnox.core.mapping import ROW_TYPES, ParsedMappings, parse_mappings

SHOPS_HEADER = (
    "shop,name,reference_key,platform,shop_conn_id,fortnox_conn_id,organisation_number,"
    "timezone,start_date"
)
SHOP = "demo,Demo,demo,woocommerce,woo_demo,fx_demo,559000-0005,Europe/Stockholm,2026-01-01"
OTHER = SHOP.replace("demo", "other")
_THIRD = "third,3,third,woocommerce,woo_3"
FILES: Mapping[str, str] = {
    "shops.csv": f"{SHOPS_HEADER}\n{SHOP}\n{OTHER}\n",
    "events.csv": "shop,resource,direction,schedule\n*,orders,export,hourly\n",
    "document_types.csv": (
        "shop,payment_method,document_type,document_date,bookkeep\n*,kco,invoice,paid,yes\n"
    ),
    "accounts.csv": "shop,kind,market,vat_rate_pct,sales_account\n*,goods,SE,25,3001\n",
    "special_articles.csv": "shop,purpose,article_number\n*,shipping,\n",
    "untaxed_amounts.csv": "shop,found_in,text,meaning\n*,fee_name,presentkort,gift_card\n",
    "customer_policy.csv": (
        "shop,market,buyer_kind,match,when_missing\n*,*,*,number+email,create\n"
    ),
    "vat_evidence.csv": ("vat_number,checked_at,result\nDE123456789,2026-05-04,valid\n"),
    "currency_rates.csv": "date,currency,rate\n2026-05-04,EUR,11.2345\n",
}
OPTIONAL = {"vat_evidence.csv", "currency_rates.csv"}


def parse(**texts: str) -> ParsedMappings:
    """Parse a good set in which some files are replaced: ``parse(accounts="...")``."""
    files = {**FILES, **{f"{name}.csv": text for name, text in texts.items()}}
    return parse_mappings({name: text.encode() for name, text in files.items()})


def appended(file: str, line: str) -> ParsedMappings:
    """Parse a good set with one more line at the end of a file."""
    return parse(**{file: FILES[f"{file}.csv"] + line + "\n"})


def messages(parsed: ParsedMappings) -> list[str]:
    """The errors as a user reads them."""
    return [str(error) for error in parsed.errors]


def usable(parsed: ParsedMappings) -> list[str]:
    """The shops that go on."""
    return [row.shop for row in parsed.mappings.usable_shops()]


def test_a_good_set_has_no_errors() -> None:
    """The set that every other test here breaks would itself be refused."""
    parsed = parse()

    assert messages(parsed) == []
    assert usable(parsed) == ["demo", "other"]


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        (
            "shops",
            _THIRD + ",fx_3,559000-0005,Europe/Stokholm,2026-01-01",
            (
                'shops.csv:4:timezone: "Europe/Stokholm" is not an IANA time zone; '
                "write e.g. Europe/Stockholm"
            ),
        ),
        (
            "shops",
            _THIRD + ",fx_3,559000-0006,Europe/Stockholm,2026-01-01",
            (
                'shops.csv:4:organisation_number: "559000-0006" is not a Swedish organisation '
                "number; write its ten digits, e.g. 559000-0005; the last one is a check digit"
            ),
        ),
        (
            "shops",
            _THIRD + ",fx_3,559000-0005,Europe/Stockholm,1/2/2026",
            'shops.csv:4:start_date: "1/2/2026" is not a date; write it as 2026-04-01',
        ),
        (
            "shops",
            _THIRD + ",fx_3,559000-0005,Europe/Stockholm,2026-02-30",
            'shops.csv:4:start_date: "2026-02-30" is not a date; write it as 2026-04-01',
        ),
        (
            "shops",
            "third,3,Tredje!,woocommerce,woo_3,fx_3,559000-0005,Europe/Stockholm,2026-01-01",
            (
                'shops.csv:4:reference_key: "Tredje!" is not allowed here; '
                "write 1 to 20 of a-z, 0-9 and -"
            ),
        ),
        (
            "shops",
            "third,3,third,shopify,woo_3,fx_3,559000-0005,Europe/Stockholm,2026-01-01",
            'shops.csv:4:platform: "shopify" is not known here; write woocommerce or textalk',
        ),
        (
            "shops",
            "third,3,third,woocommerce,,fx_3,559000-0005,Europe/Stockholm,2026-01-01",
            "shops.csv:4:shop_conn_id: is empty; write the Airflow connection to the shop",
        ),
        (
            "events",
            "demo,orders,export,every hour",
            (
                'events.csv:3:schedule: "every hour" is not a schedule; '
                "write hourly, daily, daily 10:10 or five cron fields, e.g. 10 * * * *"
            ),
        ),
        (
            "events",
            "demo,orders,export,",
            "events.csv:3:schedule: is empty; write hourly, daily, daily 10:10 or five cron fields",
        ),
        (
            "events",
            "demo,orders,import,daily",
            "events.csv:3:direction: orders are never imported; write export or off",
        ),
        (
            "document_types",
            "demo,stripe,invoice,created,yes",
            (
                'document_types.csv:3:document_date: "created" does not go with invoice; '
                "write paid or delivered; created is for order and offer"
            ),
        ),
        (
            "document_types",
            "demo,stripe,day_voucher,delivered,yes",
            (
                'document_types.csv:3:document_date: "delivered" does not go with day_voucher; '
                "write paid"
            ),
        ),
        (
            "document_types",
            "demo,stripe,offer,created,yes",
            'document_types.csv:3:bookkeep: "yes" does not go with offer; write no',
        ),
        (
            "document_types",
            "demo,stripe,day_voucher,paid,no",
            (
                'document_types.csv:3:bookkeep: "no" does not go with day_voucher; '
                "write yes; a voucher is booked when it is made"
            ),
        ),
        (
            "document_types",
            "demo,stripe,faktura,paid,maybe",
            (
                'document_types.csv:3:document_type: "faktura" is not known here; '
                "write invoice, cash_invoice, order, offer, day_voucher or none"
            ),
        ),
        (
            "accounts",
            "demo,goods,SE,moms,3001",
            (
                'accounts.csv:3:vat_rate_pct: "moms" is not a VAT rate in percent; '
                "write e.g. 25, 25,5 or *"
            ),
        ),
        (
            "accounts",
            "demo,goods,SE,12,300",
            (
                'accounts.csv:3:sales_account: "300" is not a whole number from 1000 to 9999; '
                "write digits only"
            ),
        ),
        (
            "accounts",
            "demo,goods,UK,0,3105",
            'accounts.csv:3:market: "UK" is not a market; write GB',
        ),
        (
            "special_articles",
            "demo,freight,F1",
            (
                'special_articles.csv:3:purpose: "freight" is not known here; '
                "write discount, other_payment, shipping, fee or rounding"
            ),
        ),
        (
            "customer_policy",
            "demo,SE,private,phone,create",
            (
                'customer_policy.csv:3:match: "phone" is not known here; '
                "write one or more of number, organisation_number, email (+)"
            ),
        ),
        (
            "customer_policy",
            "demo,SE,company,number,shared",
            (
                'customer_policy.csv:3:when_missing: "shared" is for private buyers in Sweden '
                "only; write market SE and buyer_kind private in this row, or create or hold here"
            ),
        ),
        (
            "customer_policy",
            "demo,SE,private,number,shared",
            (
                "customer_policy.csv:3:shared_customer_number: is empty; "
                "write the number of the shared customer in Fortnox"
            ),
        ),
    ],
)
def test_a_bad_cell_is_named_with_its_remedy(file: str, line: str, message: str) -> None:
    """A user who reads the message would not know which cell to change, or into what."""
    parsed = appended(file, line)

    assert message in messages(parsed)
    assert "other" in usable(parsed)


def test_a_vat_code_of_another_rate_is_refused() -> None:
    """Sales at 12 % would land in the 25 % box of the VAT return."""
    text = "shop,kind,market,vat_rate_pct,sales_account,vat_code\n*,goods,SE,12,3001,MP1\n"

    assert messages(parse(accounts=text)) == [
        'accounts.csv:2:vat_code: "MP1" means 25 %, the row says 12 %; write MP2'
    ]


def test_dates_turned_around_are_refused() -> None:
    """A row that can never apply would look as if it did."""
    text = (
        "shop,kind,market,vat_rate_pct,sales_account,valid_from,valid_to\n"
        "*,goods,SE,25,3001,2026-04-01,2026-03-31\n"
    )

    assert messages(parse(accounts=text)) == [
        (
            "accounts.csv:2:valid_to: 2026-03-31 lies before valid_from 2026-04-01; "
            "write the last day on which it applies"
        )
    ]


def test_all_errors_come_at_once() -> None:
    """A user would mend a file, run again, and meet the next error, ten times over."""
    parsed = parse(
        shops=f"{SHOPS_HEADER}\n{SHOP}\nb b,,UPPER,magento,a b,c d,12,Mars,never\n",
        accounts="shop,kind,market,vat_rate_pct,sales_account\n*,gods,SV,x,1\n*,goods,SE,25,3001\n",
    )

    assert [(error.file, error.row, error.column) for error in parsed.errors] == [
        *(
            ("shops.csv", 3, column)
            for column in (
                *("shop", "name", "reference_key", "platform", "shop_conn_id"),
                *("fortnox_conn_id", "organisation_number", "timezone", "start_date"),
            )
        ),
        *(("accounts.csv", 2, column) for column in ("kind", "vat_rate_pct", "sales_account")),
    ]


def test_two_errors_that_depend_on_each_other_both_show() -> None:
    """A rule between two cells would stay hidden until a third cell is mended."""
    parsed = appended("document_types", "demo,stripe,invoice,created,perhaps")

    assert [error.column for error in parsed.errors] == ["document_date", "bookkeep"]


def test_a_bad_row_costs_only_the_shop_that_it_names() -> None:
    """One shop's slip of the pen would stop the other shops (rules of the scheduler 21)."""
    parsed = appended("accounts", "demo,goods,SE,12,30x2")

    assert usable(parsed) == ["other"]
    assert parsed.errors[0].shop == "demo"
    with pytest.raises(FatalError, match="errors for shop demo"):
        parsed.mappings.shop("demo")


def test_a_bad_row_for_every_shop_costs_them_all() -> None:
    """A shop would book on a less specific row because the right one could not be read."""
    assert usable(appended("accounts", "*,goods,SE,12,30x2")) == []


def test_a_bad_row_of_shops_leaves_the_others() -> None:
    """A newly added shop with an error would stop those that worked yesterday."""
    parsed = parse(shops=f"{SHOPS_HEADER}\n{SHOP}\n{OTHER.replace('Europe/', 'Europa/')}\n")

    assert usable(parsed) == ["demo"]


def test_a_misspelt_shop_costs_the_shop_that_was_meant() -> None:
    """That shop's sales would fall to the row of ``*``, on an account nobody chose for it."""
    parsed = appended("accounts", "dmeo,goods,SE,25,3051")

    assert messages(parsed) == [
        'accounts.csv:3:shop: "dmeo" is not in shops.csv; did you mean demo?'
    ]
    assert usable(parsed) == ["other"]


def test_a_shop_with_capitals_costs_the_shop_that_was_meant() -> None:
    """Excel's capital letter would do what a misspelling does."""
    assert usable(appended("accounts", "Demo,goods,SE,25,3051")) == ["other"]


def test_rows_of_a_removed_shop_cost_nobody() -> None:
    """Taking a shop out of shops.csv would stop all the others."""
    parsed = appended("accounts", "closed-in-may,goods,SE,25,3051")

    assert messages(parsed) == [
        'accounts.csv:3:shop: "closed-in-may" is not in shops.csv; add it there, or remove the row'
    ]
    assert usable(parsed) == ["demo", "other"]


def test_a_duplicate_row_is_named_with_its_twin() -> None:
    """A pasted row would go unnoticed, and the next edit would reach only one of the two."""
    assert messages(appended("accounts", "*,goods,SE,25,3001")) == [
        "accounts.csv:3: the same as row 2; remove one of them"
    ]


def test_two_equally_specific_rows_are_both_named_and_neither_counts() -> None:
    """Which account a sale lands on would depend on the order of the rows."""
    parsed = appended("accounts", "*,goods,SE,25.0,3051")

    assert messages(parsed) == [
        (
            "accounts.csv:3: as specific as row 2: both apply to the same shop, kind, market, "
            "vat_rate_pct; change one of them, or let their dates not overlap"
        )
    ]
    assert not any(row.file == "accounts.csv" for row in parsed.mappings.rows)


def test_rows_that_follow_each_other_in_time_are_no_clash() -> None:
    """An account could not be changed from a day on."""
    header = "shop,kind,market,vat_rate_pct,sales_account,valid_from,valid_to\n"
    good = header + "*,goods,SE,25,3001,,2026-03-31\n*,goods,SE,25,3051,2026-04-01,\n"
    overlapping = header + "*,goods,SE,25,3001,,2026-04-01\n*,goods,SE,25,3051,2026-04-01,\n"

    assert messages(parse(accounts=good)) == []
    assert len(parse(accounts=overlapping).errors) == 1


def test_a_shop_that_stands_twice_is_refused() -> None:
    """Two DAGs with one name, of which one wins silently."""
    parsed = appended("shops", SHOP.replace("fx_demo", "fx_2"))

    assert "shops.csv:4: as specific as row 2" in messages(parsed)[0]
    assert usable(parsed) == ["other"]


def test_export_and_import_of_one_resource_are_refused() -> None:
    """Two systems would overwrite each other's customers for ever."""
    parsed = appended("events", "demo,customers,export,daily\ndemo,customers,import,daily")

    assert (
        "events.csv:4:direction: export and import of customers together (the other one in row 3) "
        "would overwrite each other; keep one of the two"
    ) in messages(parsed)


STOCK_ROWS = "demo,stock,import,hourly"


def with_row_articles(word: str, platform: str = "woocommerce") -> str:
    """shops.csv with the way that rows name articles."""
    rows = "\n".join(f"{row.replace('woocommerce', platform)},{word}" for row in (SHOP, OTHER))
    return f"{SHOPS_HEADER},row_articles\n{rows}\n"


def test_stock_that_follows_fortnox_must_hear_of_every_sale() -> None:
    """Pieces sold in day vouchers would come back into the shop, and be sold again."""
    events = FILES["events.csv"] + STOCK_ROWS + "\n"
    shops = with_row_articles("number")
    good = parse(events=events, shops=shops)
    assert messages(good) == []
    types = FILES["document_types.csv"] + "*,swish,day_voucher,paid,yes\ndemo,cash,none,paid,no\n"
    told = messages(parse(events=events, shops=shops, document_types=types))
    assert [line.partition(":document_type:")[0] for line in told] == [
        "document_types.csv:3",
        "document_types.csv:4",
    ]
    overruled = types.replace("demo,cash,none,paid,no", "demo,swish,invoice,paid,yes")
    assert messages(parse(events=events, shops=shops, document_types=overruled)) == []


def test_a_textalk_shop_s_stock_can_only_be_set() -> None:
    """Every run would undo the sales since the last one."""
    events = FILES["events.csv"] + STOCK_ROWS + "\n"
    for word, errors in (("text", 1), ("number", 0)):
        parsed = parse(events=events, shops=with_row_articles(word, "textalk"))
        assert len(parsed.errors) == errors
        assert ("demo" in usable(parsed)) is (word == "number")


def test_a_textalk_order_gets_no_status() -> None:
    """The owner would wait for a status that never comes."""
    rows = f"{SHOP.replace('woocommerce', 'textalk')},meta,paid"
    told = messages(parse(shops=f"{SHOPS_HEADER},write_back,paid_status\n{rows}\n"))
    assert "paid_status" in told[0]
    assert "leave empty" in told[0]


def test_one_key_for_two_shops_of_a_company_is_refused() -> None:
    """Order 17 of one shop would be taken for order 17 of the other (rules of the books 1)."""
    parsed = parse(shops=f"{SHOPS_HEADER}\n{SHOP}\n{OTHER.replace(',other,', ',demo,')}\n")

    assert messages(parsed) == [
        (
            'shops.csv:2:reference_key: "demo" is also the key of shop other in this company; '
            "give each shop its own"
        ),
        (
            'shops.csv:3:reference_key: "demo" is also the key of shop demo in this company; '
            "give each shop its own"
        ),
    ]


def test_one_key_in_two_companies_is_allowed() -> None:
    """A group with a shop in each company could not use the same short key."""
    other = OTHER.replace(",other,", ",demo,").replace("559000-0005", "556036-0793")

    assert messages(parse(shops=f"{SHOPS_HEADER}\n{SHOP}\n{other}\n")) == []


def test_one_connection_for_two_companies_is_refused() -> None:
    """One shop's sales would be refused by the company guard at night, not here."""
    other = OTHER.replace("fx_other", "fx_demo").replace("559000-0005", "556036-0793")
    parsed = parse(shops=f"{SHOPS_HEADER}\n{SHOP}\n{other}\n")

    assert messages(parsed)[0] == (
        'shops.csv:2:fortnox_conn_id: "fx_demo" leads shop other to company 556036-0793; '
        "use one connection per company"
    )


def test_a_missing_file_says_what_its_header_is() -> None:
    """A user with an older folder would not know how to write the new file."""
    files = {name: text.encode() for name, text in FILES.items() if name != "special_articles.csv"}

    assert messages(parse_mappings(files)) == [
        (
            "special_articles.csv: the file is missing; "
            "add it with the header shop, purpose, article_number"
        )
    ]


def test_unknown_and_missing_columns_are_named() -> None:
    """A misspelt column would be read as empty, and its default would apply unseen."""
    text = "shop,kind,market,vat_rate,sales_account\n*,goods,SE,25,3001\n"

    assert messages(parse(accounts=text)) == [
        (
            'accounts.csv:1:vat_rate: unknown column "vat_rate"; did you mean vat_rate_pct?; the '
            "columns are shop, kind, market, vat_rate_pct, sales_account, vat_code, vat_account, "
            "valid_from, valid_to"
        ),
        "accounts.csv:1:vat_rate_pct: the column is missing; add it to the header",
        "accounts.csv:2:vat_rate_pct: is empty; write a rate in percent, or *",
    ]


def test_one_error_can_be_raised_for_all() -> None:
    """Airflow's list of import errors would show the first one only."""
    parsed = appended("accounts", "demo,goods,SE,x,1")

    with pytest.raises(FatalError) as raised:
        parsed.raise_for_errors()
    assert [str(error) in str(raised.value) for error in parsed.errors] == [True, True]


def test_excel_sets_read_like_plain_ones() -> None:
    """What Excel saves (mark, semicolons, CRLF, quotes, decimal commas) would be refused."""
    plain = parse(accounts=FILES["accounts.csv"] + "demo,goods,FI,25.5,3106\n")
    excel = {
        name: codecs.BOM_UTF8
        + text.replace(",", ";").replace("\n", ";;\r\n").replace("Demo", '"Demo"').encode()
        for name, text in FILES.items()
    }
    excel["accounts.csv"] += b'"demo";goods;FI;"25,5";3106;;\r\n;;;;;;\r\n'
    parsed = parse_mappings(excel)

    assert messages(parsed) == []
    assert parsed.mappings.fingerprint == plain.mappings.fingerprint


def test_every_file_is_needed() -> None:
    """A file that is not read any more would go unnoticed."""
    optional = {"article_fields.csv", "delivery_methods.csv", "payouts.csv"}
    assert {*FILES, *optional} == set(ROW_TYPES)


@pytest.mark.parametrize("file", sorted(FILES))
def test_only_the_optional_files_may_be_left_out(file: str) -> None:
    """A forgotten file would hold every sale, or a shop would need files that say nothing to it."""
    files = {name: text.encode() for name, text in FILES.items() if name != file}
    assert (parse_mappings(files).errors == ()) is (file in OPTIONAL)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("vat_evidence", "123456789,2026-05-04,valid"),
        ("vat_evidence", "DE123456789,4 maj,valid"),
        ("vat_evidence", "DE123456789,2026-05-05,yes"),
        ("currency_rates", "2026-05-05,euro,11.2"),
        ("currency_rates", "2026-05-05,EUR,0"),
        ("currency_rates", "2026-05-04,EUR,11.3"),
    ],
)
def test_evidence_and_rates_are_checked(file: str, line: str) -> None:
    """A number without country, a day that nobody can read or two rates of a day prove nothing."""
    assert appended(file, line).errors


def test_evidence_as_people_write_it() -> None:
    """Spaces in the number and a time of day would hold a sale that was checked."""
    found = appended("vat_evidence", "dk 12 34 56 78,2026-05-04 14:30,invalid").mappings
    (check,) = found.vat_checks("demo", "DK12345678")
    assert (check.checked_on, check.is_valid) == (date(2026, 5, 4), False)


def test_the_rate_of_a_weekend_is_fridays() -> None:
    """Central banks publish nothing on a Sunday; a rate of last month is no rate of today."""
    found = parse().mappings
    assert found.exchange_rate("demo", "EUR", date(2026, 5, 10)) == Decimal("11.2345")
    assert found.exchange_rate("demo", "EUR", date(2026, 5, 12)) is None
    assert found.exchange_rate("demo", "EUR", date(2026, 5, 3)) is None
    assert found.exchange_rate("demo", "USD", date(2026, 5, 4)) is None
