"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    """Money: loads, records, vouchers, key figures."""

    name = "finance"
    verbose_name = _("Finance")
