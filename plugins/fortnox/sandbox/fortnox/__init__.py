"""A simulator of Fortnox's REST API v3: same envelopes, same refusals, real bookkeeping inside.

How sure it is of what it does:

* recorded: envelopes, key order, defaults, list items, paging, contains filters, OCR, roundings
  of price and quantity, PUT of ``""``, token errors, the error codes marked so in ``errors``;
* documented: field names, lengths and types, lifetimes, 25 requests in 5 seconds, permitted
  characters, actions, scopes;
* inferred: vouchers' accounts (BAS and predefined accounts), VAT rounding, RoundOff, Gross, rules
  of rows in updates, offers' defaults, what an order hands on to its invoice, body of a 429.
  Where it matters, ``unknowns.Switches`` has a switch.

Invoices, orders and offers are one kind of thing: ``document_kinds`` says what differs,
``document_header``, ``document_rows``, ``document_sums``, ``document_writes``, ``document_routes``
and ``document_lists`` do what is the same, and ``invoice_*``, ``orders`` and ``offers`` the rest.

Not simulated: e-invoices and e-print (refused), the amounts of tax reductions, stock.
"""
