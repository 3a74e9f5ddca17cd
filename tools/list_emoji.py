"""List the emoji in the order and the groups of Unicode's keyboards, for the picker.

    python tools/list_emoji.py --data data-by-group.json [--out FILE]

The data is Unicode's emoji-test.txt as JSON: data-by-group.json of the npm package unicode-emoji-json. Writes one line
per group: its name, a tab, and its emoji between spaces, without their variants of skin tone.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
GROUPS = {
    "Smileys & Emotion": "Smileys and people",
    "People & Body": "Smileys and people",
    "Animals & Nature": "Animals and nature",
    "Food & Drink": "Food and drink",
    "Activities": "Activities",
    "Travel & Places": "Travel and places",
    "Objects": "Objects",
    "Symbols": "Symbols",
    "Flags": "Flags",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "chatclient" / "assets" / "emoji" / "groups.txt")
    args = parser.parse_args()
    if not args.data.exists():
        print(f"{args.data} is not there.", file=sys.stderr)
        return 1
    groups = read(json.loads(args.data.read_text("utf-8")))
    args.out.write_text("".join(f"{name}\t{' '.join(found)}\n" for name, found in groups.items()), "utf-8")
    print(f"{args.out}: {sum(map(len, groups.values())):,} emoji in {len(groups)} groups")
    return 0


def read(data: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The emoji of each of our groups."""
    groups: dict[str, list[str]] = {name: [] for name in dict.fromkeys(GROUPS.values())}
    for group in data:
        groups[GROUPS[group["name"]]] += [each["emoji"] for each in group["emojis"]]
    return groups


if __name__ == "__main__":
    raise SystemExit(main())
