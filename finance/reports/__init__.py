"""What pages show of money: panels, tables, statements, reconciliation, flow, charts."""
