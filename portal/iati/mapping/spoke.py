"""When a source spoke: what it calls interim, and the day of a step, depend on it."""

from dataclasses import dataclass
from datetime import datetime

from portal.iati.stated import StatedActivity
from portal.iati.values import in_time


@dataclass(frozen=True, slots=True)
class Spoke:
    """What the file says of when it was made, if it does, and when it came here."""

    told: datetime | None
    came: datetime

    def of(self, activity: StatedActivity) -> datetime:
        """When the activity was last spoken of: not after its file came, whatever it says."""
        said = activity.last_updated or self.told or self.came
        return min(said, self.came, key=in_time)
