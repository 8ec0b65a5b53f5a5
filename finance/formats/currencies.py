"""The currency codes that a spreadsheet may state: ISO 4217, with those that were replaced.

`XXX`, no currency, is left out: an amount in no currency says nothing.
"""

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN
BWP BYN BYR BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD
EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR
IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD
MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR
PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD
SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS
VED VEF VES VND VUV WST XAF XCD XDR XOF XPF YER ZAR ZMK ZMW ZWG ZWL
"""
CODES = tuple(_CODES.split())
# Decimals that a currency has in ISO 4217, where it has other than two.
_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
DECIMALS = dict.fromkeys(_WITHOUT.split(), 0) | dict.fromkeys(_WITH_THREE.split(), 3)
DECIMALS |= {"CLF": 4, "UYW": 4}


def decimals_of(currency: str) -> int:
    """How many decimals an amount in it can have."""
    return DECIMALS.get(currency, 2)


# Names that are no ISO code and yet mean one currency only.
NAMES = {"US$": "USD", "€": "EUR"}
# Signs that several currencies have: which one it is nobody can tell, only which it is not.
_DOLLARS = """
USD ARS AUD BBD BMD BND BOB BRL BSD BZD CAD CLP COP CUC CUP CVE DOP FJD GYD HKD JMD KYD LRD MOP
MXN NAD NIO NZD SBD SGD SRD TOP TTD TWD UYU WST XCD ZWG ZWL
"""
_POUNDS, _YEN = "GBP EGP FKP GIP LBP SDG SHP SSP SYP", "JPY CNY"
SHARED_SIGNS = {
    sign: frozenset(codes.split())
    for sign, codes in zip("$£¥", (_DOLLARS, _POUNDS, _YEN), strict=True)
}


def names_another(mark: str, currency: str) -> bool:
    """Whether what stands beside an amount, a code or a sign, is not that currency's."""
    if mark in SHARED_SIGNS:
        return bool(currency) and currency not in SHARED_SIGNS[mark]
    return mark != currency
