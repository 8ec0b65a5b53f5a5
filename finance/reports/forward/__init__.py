"""What is to come: payments of contributors, planned transfers, and the cash that leaves."""
