"""What each problem of a row says to a person: a sentence that names the cell and its value, and the remedy."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oblik.registry.words import FIELD_NAMES

Text = str | Promise

# code -> (sentence, remedy). {column} is the header as received, {value} the cell, {field} what it was taken for.
SENTENCES: Final[dict[str, tuple[Text, Text]]] = {
    "row_says_nothing": (
        _("The row holds nothing that describes a camera."),
        _("Delete the row from the list, or fill it in."),
    ),
    "row_without_place_or_identity": (
        _("The row names no place, no address, no number and no name: the camera cannot be found."),
        _("Add an address or coordinates, or an inventory or serial number."),
    ),
    "coordinates_unreadable": (
        _("The cell “{column}” holds “{value}”, which cannot be read as coordinates."),
        _("Write latitude and longitude in degrees, such as 50.00120, 36.23040."),
    ),
    "coordinates_incomplete": (
        _("Only one of the two coordinates is given (“{column}”: “{value}”)."),
        _("Write both latitude and longitude."),
    ),
    "coordinates_out_of_range": (
        _("The coordinates “{value}” in “{column}” do not exist on the globe."),
        _("Check for a lost decimal point: latitude is at most 90, longitude at most 180."),
    ),
    "coordinates_zero": (
        _("The coordinates “{value}” in “{column}” are zero, so the place is not known."),
        _("Write the real coordinates, or leave the cell empty and give an address."),
    ),
    "coordinates_swapped": (
        _("Latitude and longitude were swapped in “{column}” (“{value}”) and have been put right."),
        _("Nothing to do; please keep one order in the next list."),
    ),
    "coordinates_repaired": (
        _(
            "A spreadsheet destroyed the decimal point in “{value}” (“{column}”); it was put back so that it fits "
            "the list."
        ),
        _("Look at the point on the map. In the next list format these columns as text."),
    ),
    "coordinates_ambiguous": (
        _("The decimal point in “{value}” (“{column}”) is lost and could stand in several places."),
        _("Look at the point on the map and write the coordinates again."),
    ),
    "coordinates_projected": (
        _("The coordinates “{value}” in “{column}” are in metres; they were turned into degrees."),
        _("Nothing to do unless the point lies wrong on the map."),
    ),
    "projected_system_unclear": (
        _("The coordinates “{value}” in “{column}” are in metres, but the coordinate system cannot be told."),
        _("Ask the owner which system and zone it is (such as UCS-2000, zone 12), or for degrees."),
    ),
    "far_from_list": (
        _("The point “{value}” lies alone, more than 100 km from the rest of the list."),
        _("Check the coordinates in “{column}”."),
    ),
    "link_without_coordinates": (
        _("The link “{value}” in “{column}” does not show its coordinates."),
        _("Open the link and copy the coordinates into the list."),
    ),
    "place_disagrees_with_address": (
        _("The coordinates “{value}” lie more than 500 m from the address in the same row."),
        _("Find out which is right: the address or the coordinates in “{column}”."),
    ),
    "address_ambiguous": (
        _("The address “{value}” fits several streets."),
        _("Add the kind of street (street, lane, avenue) or the settlement in “{column}”."),
    ),
    "address_unknown": (
        _("The address “{value}” is not in the city's table of addresses."),
        _("Check the spelling in “{column}”, or add the street to the table of addresses."),
    ),
    "count_disagrees": (
        _("“{column}” says “{value}”, but the row lists another number of addresses or devices."),
        _("Find out how many cameras there are and write one row for each."),
    ),
    "count_implausible": (
        _("The number of cameras “{value}” in “{column}” cannot be right for one row."),
        _("Write a number from 1 to 200, or one row for each camera."),
    ),
    "not_a_count": (
        _("The cell “{column}” holds “{value}”, which is not a number of cameras."),
        _("Write a whole number."),
    ),
    "not_a_mac": (
        _("The cell “{column}” holds “{value}”, which is not a MAC address."),
        _("Write 12 digits 0–9 and letters A–F, such as 00:1A:2B:3C:4D:5E."),
    ),
    "not_an_ip": (
        _("The cell “{column}” holds “{value}”, which is not an IP address."),
        _("Write four numbers from 0 to 255, such as 10.1.2.11; a range as 10.1.2.11-14."),
    ),
    "network_not_expanded": (
        _("The cell “{column}” names a whole network, “{value}”, not a camera."),
        _("Write the address of each camera."),
    ),
    "range_not_expanded": (
        _("The range “{value}” in “{column}” holds more than 256 addresses; only its first was kept."),
        _("Write the addresses of the cameras alone."),
    ),
    "not_a_uuid": (
        _("The cell “{column}” holds “{value}”, which is not an ONVIF identifier."),
        _("Copy it from the camera's web page; it looks like 2419d68a-2dd2-21b2-a205-ec2d4d1f0abc."),
    ),
    "not_a_port": (
        _("The cell “{column}” holds “{value}”, which is not a port."),
        _("Write a whole number from 1 to 65535."),
    ),
    "serial_eaten": (
        _("A spreadsheet rounded the serial number in “{column}”: “{value}”. Its digits are lost."),
        _("Read the number off the camera and enter it as text."),
    ),
    "number_eaten": (
        _("A spreadsheet rounded the number in “{column}”: “{value}”. Its digits are lost."),
        _("Enter the number again, with the column formatted as text."),
    ),
    "placeholder_value": (
        _("“{value}” in “{column}” stands in place of a real number."),
        _("Write the real number, or leave the cell empty."),
    ),
    "letters_mended": (
        _("“{value}” in “{column}” mixes Cyrillic letters among Latin ones; they were replaced."),
        _("Nothing to do."),
    ),
    "not_a_bearing": (
        _("The cell “{column}” holds “{value}”, which is not a bearing."),
        _("Write degrees from north (0 to 360) or a word such as “north-west”."),
    ),
    "bearing_in_words": (
        _("“{value}” in “{column}” describes where the camera looks, but names no direction."),
        _("Write degrees from north (0 to 360) if the direction is known."),
    ),
    "bearing_turns": (
        _("“{value}” in “{column}”: the camera turns or sees all round, so it has no one bearing."),
        _("Nothing to do."),
    ),
    "bearing_of_several": (
        _("“{value}” in “{column}” gives several bearings for one camera."),
        _("Write one row for each camera, or say in the row how many cameras there are."),
    ),
    "bearing_ambiguous": (
        _("“{value}” in “{column}” means different directions in different languages."),
        _("Write degrees from north (0 to 360)."),
    ),
    "not_a_number": (
        _("The cell “{column}” holds “{value}”, which is not a number with a known unit."),
        _("Write a number, such as 4.5."),
    ),
    "height_implausible": (
        _("The height “{value}” in “{column}” is not between 0 and 200 m."),
        _("Write the height above the ground in metres."),
    ),
    "value_implausible": (
        _("The value “{value}” in “{column}” is outside what is possible."),
        _("Check the number and its unit."),
    ),
    "range_taken_as_middle": (
        _("“{value}” in “{column}” is a range; its middle was taken."),
        _("Nothing to do unless the exact value is known."),
    ),
    "not_a_resolution": (
        _("The cell “{column}” holds “{value}”, which is not a picture size."),
        _("Write width and height in pixels, such as 1920x1080."),
    ),
    "resolution_by_class": (
        _("“{value}” in “{column}” names a class of cameras; the usual picture size of that class was taken."),
        _("Write width and height in pixels if they are known."),
    ),
    "not_a_date": (
        _("The cell “{column}” holds “{value}”, which is not a date."),
        _("Write the date as 31.12.2024."),
    ),
    "date_implausible": (
        _("The date “{value}” in “{column}” is too far in the past or in the future."),
        _("Check the year."),
    ),
    "date_imprecise": (
        _(
            "“{value}” in “{column}” gives no exact day; the first day of that period was taken (the last for a "
            "warranty)."
        ),
        _("Nothing to do unless the exact day is known."),
    ),
    "cell_too_long": (
        _("The cell “{column}” holds too much text for one value: “{value}”"),
        _("Put remarks into a column of their own."),
    ),
    "not_a_choice": (
        _("The word “{value}” in “{column}” is not known here."),
        _("Nothing is lost; choose the value in the camera's card if it matters."),
    ),
    "not_tags": (
        _("The tags in “{column}” cannot be read: “{value}”."),
        _("Export the list again, or give the values in columns of their own."),
    ),
    "formula_text": (
        _("The cell “{column}” looks like a formula: “{value}”. It was kept as text and never run."),
        _("Check what the cell should say."),
    ),
    "secret_removed": (
        _("The cell “{column}” held a password, which was left out of the register."),
        _("Send passwords separately, never in a list."),
    ),
}

FIELD_LABELS: Final[Mapping[str, Text]] = {"": _("the whole row"), "count": _("Number of cameras"), **FIELD_NAMES}


def field_label(name: str) -> str:
    """What a field is called, in the language of the reader; the name itself where it has no label."""
    return str(FIELD_LABELS.get(name, name))


def problem_text(code: str, *, column: str, value: str, field: str) -> tuple[str, str]:
    """(sentence, remedy) of one problem in the language of the reader."""
    known = SENTENCES.get(code)
    if known is None:
        return gettext("Problem: %(code)s.") % {"code": code}, ""
    names = {"column": column or field_label(field), "value": value, "field": field_label(field)}
    sentence, remedy = (str(text).format(**names) for text in known)
    return sentence, remedy
