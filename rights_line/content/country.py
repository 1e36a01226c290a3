"""Read content/country.yaml: what differs from country to country, besides the texts."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from rights_line.content.files import schema, yaml_file
from rights_line.core.model import Country, Helplines
from rights_line.errors import ConfigurationError, Problem


def load(folder: Path) -> Country:
    """Return the country of a folder content/.

    Raises:
        ConfigurationError: with every problem in the file. The other files cannot be checked then.
    """
    problems: list[Problem] = []
    row = yaml_file.load(folder / "country.yaml", problems)
    problems += () if problems else row.problems(schema.COUNTRY, {})
    if problems:
        raise ConfigurationError(problems)
    holidays: Mapping[str, list[str]] = row["public_holidays"]
    return Country(
        name=row["name"],
        title=row["title"],
        languages=tuple(row["languages"]),
        time_zone=ZoneInfo(row["time_zone"]),
        calling_code=row["calling_code"],
        digits=row["digits"],
        leave_to=row["leave_to"],
        helplines=Helplines(**row["helplines"]),
        fixed_holidays=tuple((int(day[:2]), int(day[3:])) for day in holidays["fixed"]),
        movable_holidays=tuple(map(int, holidays["after_easter"])),
    )
