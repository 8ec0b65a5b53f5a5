"""Money: loads, records, vouchers, key figures."""
