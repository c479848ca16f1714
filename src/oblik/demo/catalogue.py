"""Which makers and models of cameras the demo city bought, and how people spell them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Model:
    """oui is the maker's part of the MAC address; serial says how the maker writes serial numbers."""

    vendor: str
    name: str
    kind: str
    width_px: int
    height_px: int
    oui: str
    serial: str

    @property
    def megapixels(self) -> int:
        return max(1, round(self.width_px * self.height_px / 1e6))


_HIK, _DAH, _UNV, _AXI = "4419B6", "3CEF8C", "48EA63", "00408C"
MODELS: Final = (
    Model("Hikvision", "DS-2CD2043G2-I", "fixed", 2688, 1520, _HIK, "digits9"),
    Model("Hikvision", "DS-2CD2143G2-IS", "dome", 2688, 1520, _HIK, "digits9"),
    Model("Hikvision", "DS-2CD2T87G2-L", "fixed", 3840, 2160, _HIK, "digits9"),
    Model("Hikvision", "DS-2DE4425IW-DE", "ptz", 2560, 1440, _HIK, "digits9"),
    Model("Hikvision", "iDS-2CD7A46G0/P-IZHS", "fixed", 2688, 1520, _HIK, "digits9"),
    Model("Hikvision", "DS-2CD1023G0E-I", "fixed", 1920, 1080, _HIK, "digits9"),
    Model("Dahua", "IPC-HFW2431S-S-S2", "fixed", 2688, 1520, _DAH, "dahua"),
    Model("Dahua", "IPC-HDBW2431E-S", "dome", 2688, 1520, _DAH, "dahua"),
    Model("Dahua", "SD49425XB-HNR", "ptz", 2560, 1440, _DAH, "dahua"),
    Model("Dahua", "IPC-HFW1230S-S5", "fixed", 1920, 1080, _DAH, "dahua"),
    Model("Dahua", "ITC237-PW6M-IRLZF", "fixed", 1920, 1080, _DAH, "dahua"),
    Model("Uniview", "IPC2124LB-SF40KM-G", "fixed", 2560, 1440, _UNV, "unv"),
    Model("Uniview", "IPC324SB-DF28K-I0", "dome", 2688, 1520, _UNV, "unv"),
    Model("Uniview", "IPC6412LR-X5P", "ptz", 1920, 1080, _UNV, "unv"),
    Model("Axis", "P1448-LE", "fixed", 3840, 2160, _AXI, "mac"),
    Model("Axis", "P3245-LVE", "dome", 1920, 1080, _AXI, "mac"),
    Model("Axis", "Q6075-E", "ptz", 1920, 1080, _AXI, "mac"),
    Model("Bosch", "NDE-3503-AL", "dome", 2592, 1944, "00075F", "digits12"),
    Model("Bosch", "NBE-3502-AL", "fixed", 1920, 1080, "00075F", "digits12"),
    Model("Hanwha", "XNO-6080R", "fixed", 1920, 1080, "000918", "letters15"),
    Model("Hanwha", "XND-6080RV", "dome", 1920, 1080, "000918", "letters15"),
    Model("Tiandy", "TC-C34WS", "fixed", 2560, 1440, "AC3AE2", "digits12"),
    Model("Tiandy", "TC-H326M", "ptz", 1920, 1080, "AC3AE2", "digits12"),
    Model("Partizan", "IPO-5SP", "fixed", 2560, 1920, "001217", "digits12"),
    Model("Partizan", "IPD-5SP-IR", "dome", 2560, 1920, "001217", "digits12"),
)
SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "Hikvision": ("Hikvision", "HIKVISION", "Hik", "Хіквіжн", "Hikvison", "HikVision"),
    "Dahua": ("Dahua", "DAHUA", "Dahua Technology", "Дахуа", "Dachua", "dahua"),
    "Uniview": ("Uniview", "UNV", "UniView", "Юнівью", "Univew"),
    "Axis": ("Axis", "AXIS", "Axis Communications", "Аксіс"),
    "Bosch": ("Bosch", "BOSCH", "Бош", "Bosh"),
    "Hanwha": ("Hanwha", "Hanwha Techwin", "Samsung Wisenet", "Hanwa"),
    "Tiandy": ("Tiandy", "TIANDY", "Tiandi", "Тіанді"),
    "Partizan": ("Partizan", "PARTIZAN", "Партизан", "Partisan"),
}
