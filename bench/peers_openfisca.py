"""What does the fee cost in OpenFisca-core, written as its documentation teaches?

Every licence is a person of the system, every factor a variable with its formula, every rate a dated parameter.
Parameters are those of a period, so a batch is split by the periods of the law and each part computed on the first day
of its own.
"""

from collections.abc import Callable
from hashlib import sha256

import numpy as np
import orjson
from numpy.typing import NDArray
from openfisca_core.entities import Entity, build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode, ParameterNodeAtInstant
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.data import AREAS, LAW, METHODS, MINERALS, STARTS, Case, Rows
from bench.measure import Columns, Traced

Lookup = Callable[[ParameterNodeAtInstant, EnumArray], NDArray[np.float64]]


def by_enum(node: ParameterNodeAtInstant, key: EnumArray) -> NDArray[np.float64]:
    """The documented way: index the parameter node with the variable."""
    return node[key]


def by_text(node: ParameterNodeAtInstant, key: EnumArray) -> NDArray[np.float64]:
    """Index the node with an object array of names, as a variable of text holds them: core need not decode an Enum."""
    return node[key.possible_values.names.astype(object)[np.asarray(key)]]


def by_gather(node: ParameterNodeAtInstant, key: EnumArray) -> NDArray[np.float64]:
    """Not OpenFisca's look-up: a numpy gather by hand inside the formula, the fastest that its formulas can be made."""
    return np.array([node[name] for name in key.possible_values.names])[np.asarray(key)]


def fee_system(lookup: Lookup = by_enum, *, double: bool = False) -> TaxBenefitSystem:
    """The fee as a tax and benefit system; `double` gives variables 64-bit floats, where core itself stores 32 bits."""

    def conversion_factor(licence, period):
        return np.floor(licence("bulking", period) * 1000 / licence("density", period) + 0.5) / 1000

    def fee_price(licence, period):
        return licence("price", period) * licence("conversion_factor", period)

    def rate(licence, period, parameters):
        return lookup(parameters(period).rate_percent, licence("mineral", period))

    def method_factor(licence, period, parameters):
        return lookup(parameters(period).method_tenths, licence("method", period))

    def area_factor(licence, period, parameters):
        return lookup(parameters(period).area_hundredths, licence("area", period))

    def fee(licence, period):
        amount = licence("quantity", period) * licence("fee_price", period) * licence("method_factor", period)
        return np.floor(amount * licence("area_factor", period) * licence("rate", period) + 0.5)

    entity = build_entity(key="licence", plural="licences", label="A mining licence", is_person=True)
    system = TaxBenefitSystem([entity])
    for name in ("quantity", "price", "bulking", "density"):
        system.add_variable(_variable(entity, name))
    for formula in (conversion_factor, fee_price, rate, method_factor, area_factor, fee):
        system.add_variable(_variable(entity, formula.__name__, formula=formula))
    for name, codes in {"mineral": MINERALS, "method": METHODS, "area": AREAS}.items():
        values = Enum(name.title(), {code: code for code in codes})
        system.add_variable(
            _variable(entity, name, value_type=Enum, possible_values=values, default_value=next(iter(values)))
        )
    if double:
        for variable in system.variables.values():
            if variable.value_type is float:
                variable.dtype = np.float64
    scales = {"rate_percent": 100, "method_tenths": 10, "area_hundredths": 100}
    system.parameters = ParameterNode("", data={table: _dated(table, scale) for table, scale in scales.items()})
    return system


def traced(system: TaxBenefitSystem) -> Traced:
    """One licence, traced: a new simulation of the ready system for each; clock readings stay out of the hash."""

    def fee(case: Case) -> tuple[int, str]:
        day = period(case.approved_on)
        simulation = SimulationBuilder().build_default_simulation(system, 1)
        simulation.trace = True
        simulation.set_input("quantity", day, [float(case.quantity)])
        simulation.set_input("price", day, [case.price])
        simulation.set_input("bulking", day, [float(case.bulking)])
        simulation.set_input("density", day, [float(case.density)])
        simulation.set_input("mineral", day, [case.mineral])
        simulation.set_input("method", day, [case.method])
        simulation.set_input("area", day, [case.area])
        amount = int(simulation.calculate("fee", day)[0])
        trace = simulation.tracer.get_serialized_flat_trace()
        for step in trace.values():
            del step["calculation_time"], step["formula_time"]
        document = orjson.dumps({"fee": amount, "trace": trace}, option=orjson.OPT_SORT_KEYS)
        return amount, sha256(document).hexdigest()

    return fee


def columns(system: TaxBenefitSystem) -> Columns:
    """All licences, one simulation for each period of the law."""

    def fees(rows: Rows) -> NDArray[np.int64]:
        total = np.empty(len(rows), np.int64)
        in_period = np.searchsorted(STARTS, rows.approved_on, side="right") - 1
        for at, start in enumerate(LAW["from"]):
            chosen = np.flatnonzero(in_period == at)
            day = period(start)
            simulation: Simulation = SimulationBuilder().build_default_simulation(system, len(chosen))
            for name in ("quantity", "bulking", "density"):
                simulation.set_input(name, day, getattr(rows, name)[chosen] / 1000)
            simulation.set_input("price", day, rows.price[chosen])
            for name in ("mineral", "method", "area"):
                simulation.set_input(name, day, getattr(rows, name)[chosen].astype(np.int16))
            total[chosen] = simulation.calculate("fee", day)
        return total

    return fees


def _variable(entity: Entity, name: str, **attributes: object) -> type[Variable]:
    """What a `class name(Variable)` of a country package amounts to."""
    common = {"value_type": float, "entity": entity, "definition_period": DateUnit.DAY, "label": name}
    return type(name, (Variable,), common | attributes)


def _dated(table: str, scale: int) -> dict[str, object]:
    return {
        code: {"values": {start: {"value": value / scale} for start, value in zip(LAW["from"], values, strict=True)}}
        for code, values in LAW[table].items()
    }
