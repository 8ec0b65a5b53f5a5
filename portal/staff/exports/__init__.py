"""Staff's exports of voucher lines."""
