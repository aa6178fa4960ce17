"""A Fortnox and a WooCommerce to try on, over real HTTP. Imports nothing else of ours."""
