"""Tables and listings on pages: what fits where, before it is known whether the page is RTF or PDF."""
