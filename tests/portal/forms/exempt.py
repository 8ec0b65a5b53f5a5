"""Addresses that answer to POST and are no forms of a page, each with the reason."""

_READS_ONLY = "answers POST as it answers GET, and changes nothing"
_BY_SCRIPT = "sent by a script in steps that may be repeated: tests/portal/gateway/test_use.py"
_CLOSED = "nothing is there: tests/portal/test_addresses.py"
_PASSKEY = "needs a device: tests/browser/test_passkeys.py"
_STAGE = "proves who sits there: tests/portal/accounts/test_signing_in.py"

EXEMPT = {
    **dict.fromkeys(
        (
            "home", "project", "project-feed", "fund-feed", "voucher", "formats", "staff-formats",
            "project-reports-ics", "fund-reports-ics", "organization-reports-ics",
            "fund-workbook", "fund-edition-file", "format-template", "staff-export",
            "staff-export-file", "api-mcp", "usersessions_list",
            "admin/r/<int:content_type_id>/<path:object_id>/",
        ),
        _READS_ONLY,
    ),
    **dict.fromkeys(("gateway-begin", "gateway-part", "gateway-finish"), _BY_SCRIPT),
    **dict.fromkeys(
        (
            "email/", "signup/", "confirm-email/", "account_signup", "account_email",
            "account_email_verification_sent", "account_confirm_email", "account_set_password",
            "account_request_reauthentication_code", "account_confirm_reauthentication_code",
            "account_confirm_login_code",
        ),
        _CLOSED,
    ),
    **dict.fromkeys(
        ("mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn",
         "mfa_edit_webauthn", "mfa_remove_webauthn"),
        _PASSKEY,
    ),
    **dict.fromkeys(
        ("account_login", "mfa_authenticate", "account_reset_password_from_key",
         "account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp"),
        _STAGE,
    ),
}  # fmt: skip
