"""What Ctrl+K finds, and in which order."""

from chatclient.jump import Place, Section, find, first_choice

PLACES = [
    Place("room", "design-review", here=True),
    Place("room", "general", unread=12),
    Place("room", "garden", "Plums"),
    Place("room", "orders", private=True, unread=1, mentions=1),
    Place("join", "dengeki"),
    Place("person", "deniz"),
    Place("person", "frederik"),
    Place("person", "bob"),
]


def names(sections: list[Section]) -> dict[str, list[str]]:
    return {section.label: [found.place.name for found in section.found] for section in sections}


def test_a_name_that_begins_so_stands_first() -> None:
    assert names(find("de", PLACES)) == {
        "Rooms": ["design-review", "dengeki", "garden", "orders"],
        "People": ["deniz", "frederik"],
        "More": ["de"],
    }


def test_the_letters_that_were_found_are_told() -> None:
    found = find("DE", PLACES)[0].found[2]
    assert (found.place.name, found.place.name[found.begin : found.end]) == ("garden", "de")


def test_an_empty_field_shows_the_unread_first_then_what_was_visited_last() -> None:
    rooms = names(find("", PLACES, visited=("garden", "design-review")))["Rooms"]
    assert rooms == ["general", "orders", "garden", "design-review", "dengeki"]


def test_hash_and_at_narrow() -> None:
    assert list(names(find("#de", PLACES))) == ["Rooms", "More"]
    assert list(names(find("@de", PLACES))) == ["People", "More"]
    assert names(find("@", PLACES)) == {"People": ["bob", "deniz", "frederik"]}


def test_a_new_name_offers_a_room_and_at_a_person() -> None:
    assert find("kitchen", PLACES)[-1].found[0].place == Place("create", "kitchen")
    assert find("@zoe", PLACES)[-1].found[0].place.kind == "person"
    assert "More" not in names(find("GARDEN", PLACES)), "a look-alike of a room there is cannot be made"
    assert find("no spaces allowed", PLACES) == []


def test_the_first_choice_is_not_where_one_is() -> None:
    assert first_choice(find("de", PLACES)) == 1
    assert first_choice(find("design", PLACES[:1])) == 1, "the offer to make a room"
    assert first_choice([]) == 0
