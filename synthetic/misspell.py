"""Misspell names, birth dates and case numbers, one text at a time."""

from datetime import date

_SOUNDS = {
    "PH": "F", "F": "PH", "C": "K", "K": "C", "S": "Z", "Z": "S", "Y": "I", "I": "Y", "V": "B", "B": "V", "J": "G",
    "G": "J", "E": "A", "A": "E", "O": "U", "U": "O", "M": "N", "N": "M", "T": "D", "D": "T", "L": "R", "R": "L",
}  # fmt: skip
_WAYS = 4
_LAST_MONTH, _SHORTEST = 12, 3


def misspelled(text: str, way: int, place: float) -> str:
    """Make a typing error: drop or double a letter, replace it by one of similar sound, or exchange two letters."""
    if len(text) < _SHORTEST:
        return text + text[-1:]
    spot = 1 + int(place * (len(text) - 1))
    spot = min(spot, len(text) - 1)
    if way % _WAYS == 0:
        return text[:spot] + text[spot + 1 :]
    if way % _WAYS == 1:
        return text[:spot] + text[spot] + text[spot:]
    if way % _WAYS == 2 and text[spot] in _SOUNDS:  # noqa: PLR2004  (the third way)
        return text[:spot] + _SOUNDS[text[spot]] + text[spot + 1 :]
    return swapped_neighbours(text, place)


def swapped_neighbours(text: str, place: float) -> str:
    """Exchange two different neighboring letters; if all letters are the same, repeat the last letter."""
    pairs = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    if not pairs:
        return text + text[-1:]
    i = pairs[int(place * len(pairs))]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def day_and_month_swapped(iso: str) -> str:
    """Exchange day and month; return the text unchanged if the day cannot be a month."""
    return f"{iso[:5]}{iso[8:]}-{iso[5:7]}" if int(iso[8:]) <= _LAST_MONTH else iso


def digits_swapped(iso: str, place: float) -> str:
    """Exchange two neighboring digits of the year, month or day, if the result is a date in the same century."""
    ways = []
    for left in (2, 5, 8):
        text = iso[:left] + iso[left + 1] + iso[left] + iso[left + 2 :]
        if text != iso and _is_date(text):
            ways.append(text)
    return ways[int(place * len(ways))] if ways else iso


def year_off(iso: str, place: float) -> str:
    """Return the same day in the previous or the next year."""
    text = iso if iso[5:] != "02-29" else iso[:5] + "02-28"
    return f"{int(text[:4]) + (1 if place < 0.5 else -1):04d}{text[4:]}"  # noqa: PLR2004  (half and half)


def number_digit_wrong(text: str, start: int, place: float) -> str:
    """Change one digit of a number, at or after the given position."""
    spots = [i for i in range(start, len(text)) if text[i].isdigit()]
    spot = spots[int(place * len(spots))]
    other = (int(text[spot]) + 1 + int(place * 1_000_003) % 9) % 10
    return text[:spot] + str(other) + text[spot + 1 :]


def number_digits_swapped(text: str, start: int, place: float) -> str:
    """Exchange two neighboring digits at or after the given position; if all are alike, return the text unchanged."""
    pairs = [i for i in range(start, len(text) - 1) if text[i] != text[i + 1]]
    if not pairs:
        return text
    i = pairs[int(place * len(pairs))]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).year < 2005  # noqa: PLR2004  (nobody in the files is born later)
    except ValueError:
        return False
