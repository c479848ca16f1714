"""Every problem that reading and cleaning can report, and how much it matters."""

from typing import Final

from oblik.intake.logic.shapes import Severity

# note: worth saying, nothing to do. doubt: the row goes on, a person should look. broken: the row waits.
PROBLEMS: Final[dict[str, Severity]] = {
    # the whole row
    "row_says_nothing": "broken",
    "row_without_place_or_identity": "broken",
    # places
    "coordinates_unreadable": "doubt",
    "coordinates_incomplete": "doubt",
    "coordinates_out_of_range": "doubt",
    "coordinates_zero": "doubt",
    "coordinates_swapped": "note",
    "coordinates_repaired": "note",
    "coordinates_ambiguous": "doubt",
    "coordinates_projected": "note",
    "projected_system_unclear": "doubt",
    "far_from_list": "doubt",
    "link_without_coordinates": "doubt",
    "place_disagrees_with_address": "doubt",
    "address_ambiguous": "note",
    "address_unknown": "note",
    # how many
    "count_disagrees": "doubt",
    "count_implausible": "doubt",
    "not_a_count": "doubt",
    # identity
    "not_a_mac": "doubt",
    "not_an_ip": "doubt",
    "network_not_expanded": "note",
    "range_not_expanded": "doubt",
    "not_a_uuid": "note",
    "not_a_port": "note",
    "serial_eaten": "doubt",
    "number_eaten": "doubt",
    "placeholder_value": "note",
    "letters_mended": "note",
    # pose and optics
    "not_a_bearing": "doubt",
    "bearing_in_words": "note",
    "bearing_turns": "note",
    "bearing_of_several": "note",
    "bearing_ambiguous": "doubt",
    "not_a_number": "note",
    "height_implausible": "doubt",
    "value_implausible": "note",
    "range_taken_as_middle": "note",
    "not_a_resolution": "note",
    "resolution_by_class": "note",
    # days
    "not_a_date": "doubt",
    "date_implausible": "doubt",
    "date_imprecise": "note",
    # words
    "cell_too_long": "doubt",
    "not_a_choice": "note",
    "not_tags": "note",
    "formula_text": "note",
    "secret_removed": "note",
}
