"""A simulator of Fortnox's REST API v3: same envelopes, same refusals, real bookkeeping inside.

How sure it is of what it does:

* recorded: envelopes, key order, defaults, list items, paging, contains filters, OCR, roundings
  of price and quantity, PUT of ``""``, token errors, the error codes marked so in ``errors``;
* documented: field names, lengths and types, lifetimes, 25 requests in 5 seconds, permitted
  characters, actions, scopes;
* inferred: vouchers' accounts (BAS and predefined accounts), VAT rounding, RoundOff, Gross, rules
  of rows in updates, offers' defaults, what an order hands on to its invoice, body of a 429, shapes
  and defaults of suppliers, supplier invoices, files and most small registers (field names are
  documented). Where it matters, ``unknowns.UNKNOWNS`` has a question and ``Switches`` an answer.

Invoices, orders and offers are one kind of thing: ``document_kinds`` says what differs,
``document_header``, ``document_rows``, ``document_sums``, ``document_writes``, ``document_routes``
and ``document_lists`` do what is the same, and ``invoice_*``, ``orders`` and ``offers`` the rest.

The small registers are ``register.Register`` objects; ``supplier_*`` is the supplier side,
``files`` and ``file_connections`` the inbox, the archive and what is connected to what; ``consent``
and ``auth`` are OAuth.

Not simulated: reverse charge rows that Fortnox adds to supplier invoices, attachments of the newer
``/api/fileattachments``, e-invoices and e-print (refused), the amounts of tax reductions, stock.
"""
