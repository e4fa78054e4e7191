"""What counts at each moment of one episode, by sections 3 and 4 of the grading contract."""

from collections.abc import Sequence
from functools import cached_property

from tests.courses.contract import HIGH_DOSE_HOURS_PENN, LONG_VASOPRESSOR_HOURS_MSKCC, VASOPRESSIN_CLASS
from tests.courses.high_dose import high_by_lee, high_by_penn
from tests.courses.intervals import Interval, once_lasted, running, stretches
from tests.courses.scales import State
from tests.courses.signs import Oxygen, Signs


class Moments:
    """One episode, asked moment by moment; ``island`` begins at onset."""

    def __init__(self, signs: Signs, weight_kg: float | None, island: Interval, waived_from: float | None):
        self.signs, self.weight_kg, self.island, self.waived_from = signs, weight_kg, island, waived_from
        self.vasopressor_24h = once_lasted(stretches(signs.vasopressors), LONG_VASOPRESSOR_HOURS_MSKCC)
        self.high_dose_3h = {at_most: self._high_dose_3h(at_most=at_most) for at_most in (False, True)}

    def _high_dose_3h(self, *, at_most: bool) -> list[Interval]:
        given = self.signs.vasopressors
        high = stretches(given, lambda t: high_by_penn(running(given, t), self.weight_kg, at_most=at_most))
        return once_lasted(high, HIGH_DOSE_HOURS_PENN)

    @cached_property
    def edges(self) -> list[float]:
        """The moments at which anything may change, from onset to the end of the island."""
        signs = self.signs
        all_signs = (*signs.of_crs, *signs.toxicities, *signs.clotting)
        since = (*self.vasopressor_24h, *self.high_dose_3h[False], *self.high_dose_3h[True])
        moments = {edge for interval in (*all_signs, *since, self.island) for edge in (interval.start, interval.end)}
        moments |= {self.waived_from} - {None}
        return sorted(moment for moment in moments if self.island.start <= moment <= self.island.end)

    def goes_on_after(self, last_moment: float) -> bool:
        """Whether a sign of the last moment goes on beyond the end of the island."""
        return any(sign.end > self.island.end for sign in running(self.signs.of_crs, last_moment))

    def counts(self, moment: float) -> bool:
        """Whether signs other than fever count: with fever, or once it is waived."""
        waived = self.waived_from is not None and self.waived_from <= moment
        return waived or bool(running(self.signs.fevers, moment))

    def state(self, moment: float, *, at_most: bool) -> State:
        """What counts at the moment: all that the records allow when ``at_most``, else what is sure."""
        if not self.counts(moment):
            return State()
        given = running(self.signs.vasopressors, moment)
        agents = {drug.agent for drug in given}
        fluids = [*running(self.signs.low_pressures, moment), *running(self.signs.boluses, moment)]
        return State(
            fever=bool(running(self.signs.fevers, moment)),
            hypotension=bool(given or fluids),
            boluses=self._boluses_until(moment),
            agents=len(agents - set(VASOPRESSIN_CLASS)),
            vasopressin=bool(agents & set(VASOPRESSIN_CLASS)),
            vasopressor_24h=bool(running(self.vasopressor_24h, moment)),
            high_dose=high_by_lee(given, self.weight_kg, at_most=at_most),
            high_dose_3h=bool(running(self.high_dose_3h[at_most], moment)),
            **_oxygen(running(self.signs.support, moment), at_most=at_most),
            **self._organs(moment),
        )

    def _boluses_until(self, moment: float) -> int:
        """How many boluses of the episode have counted by now."""
        counted = [edge for edge in self.edges if edge <= moment and self.counts(edge)]
        given = [fluid for fluid in self.signs.boluses if any(fluid.start <= edge < fluid.end for edge in counted)]
        return len({fluid.begun for fluid in given})

    def _organs(self, moment: float) -> dict[str, int | bool]:
        found: dict[str, int | bool] = {"coagulopathy": bool(running(self.signs.clotting, moment))}
        for toxicity in running(self.signs.toxicities, moment):
            found[toxicity.organ] = max(toxicity.grade, found.get(toxicity.organ, 0))
        return found


def _oxygen(support: Sequence[Oxygen], *, at_most: bool) -> dict[str, float]:
    bound = "max" if at_most else "min"
    return {
        "support": max((getattr(given, f"level_{bound}") for given in support), default=0),
        "fio2": max((getattr(given, f"fio2_{bound}") for given in support), default=0),
        "ventilator": any(given.is_ventilator and getattr(given, f"level_{bound}") > 0 for given in support),
    }
