"""A simulator of Fortnox's REST API v3: same envelopes, same refusals, real bookkeeping inside.

How sure it is of what it does:

* recorded: envelopes, key order, defaults, list items, paging, contains filters, OCR, roundings
  of price and quantity, PUT of ``""``, token errors, the error codes marked so in ``errors``;
* documented: field names, lengths and types, lifetimes, 25 requests in 5 seconds, permitted
  characters, actions, scopes;
* inferred: vouchers' accounts (BAS and predefined accounts), VAT rounding, RoundOff, Gross, rules
  of rows in updates, body of a 429. Where it matters, ``unknowns.Switches`` has a switch.

Not simulated: orders, offers, prices, supplier side, files, warehouse, house-work rules.
"""
