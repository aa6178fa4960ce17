"""Columns of the mapping files, and the frozen, typed rows that they make up.

Every process of Airflow's DAG processor builds the row classes anew for each DAG file, which must
cost milliseconds; so this is no more than what they need: what a cell's text becomes, what stands
there when it is empty, and what does not go with the cells before it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import (
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    dataclass_transform,
    get_args,
    get_origin,
)

from fortnox.core.mapping.cells import CellError, choice, one_of

#: The values of a row's cells that are valid, by field: those of the columns before this one.
Said = Mapping[str, Any]

_REQUIRED: Any = object()
#: What JSON has no type for -> how its text is read back.
_FROM_TEXT: Mapping[type, Callable[[str], object]] = {
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
}


class Column(NamedTuple):
    """What may stand in a column; see :func:`column`."""

    parse: Callable[[str], object] | None = None
    default: Any = _REQUIRED
    says: str = ""
    header: str = ""
    check: Callable[[Any, Said], object] | None = None
    annotation: object = None

    @property
    def is_required(self) -> bool:
        """The column must be there, and its cells filled."""
        return self.default is _REQUIRED

    def value(self, text: str, said: Said) -> object:
        """The value of a cell; ``text`` is empty where nothing is written.

        Raises:
            CellError: Nothing or something else may stand there.
        """
        if text:
            value = self.parse(text) if self.parse else text
        elif self.is_required:
            raise CellError("is empty", f"write {self.says}")
        else:
            value = self.default
        return self.check(value, said) if self.check else value

    def restored(self, value: object) -> object:
        """The inverse of what :meth:`TypedRow.said` becomes in JSON."""
        if isinstance(value, list):
            return tuple(value)
        if isinstance(value, str):
            for kind in get_args(self.annotation) or (self.annotation,):
                if isinstance(kind, type) and kind in _FROM_TEXT:
                    return _FROM_TEXT[kind](value)
        return value


def column(
    parse: Callable[[str], object] | None = None,
    *,
    default: Any = _REQUIRED,
    says: str = "",
    header: str = "",
    check: Callable[[Any, Said], object] | None = None,
) -> Any:
    """A column of a row class, beside the field's annotation.

    Args:
        parse: The text of a cell -> its value; without it the text itself, or for a ``Literal``
            one of its words.
        default: The value of an empty cell; without it the cell must be filled.
        says: What to write there; shown when the cell must be filled and is not.
        header: The column's name in the file, where it is not the field's.
        check: The value and the valid ones before it -> the value; also asked for the default.
    """
    return Column(parse, default, says, header, check)


class CellProblem(NamedTuple):
    """What is wrong with a cell of a row."""

    column: str
    problem: str
    expected: str


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
class TypedRow:
    """A frozen value whose fields are columns.

    ``read`` checks what people wrote; a row made in code is taken at its word.
    """

    fields: ClassVar[dict[str, Column]] = {}

    def __init_subclass__(cls) -> None:
        """Fields are the annotations, the base class's first."""
        annotations: Mapping[str, object] = cls.__annotations__
        own = {
            name: _column(annotation, cls.__dict__.get(name, _REQUIRED))
            for name, annotation in annotations.items()
            if get_origin(annotation) is not ClassVar
        }
        cls.fields = cls.fields | own

    def __init__(self, **said: object) -> None:
        if strange := said.keys() - self.fields.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(strange))}")
        values = {name: column.default for name, column in self.fields.items()} | said
        if missing := [name for name, value in values.items() if value is _REQUIRED]:
            raise TypeError(f"{type(self).__name__} needs {', '.join(missing)}")
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be removed")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"

    def replaced(self, **changed: object) -> Self:
        """The same row but for these fields."""
        return type(self)(**(vars(self) | changed))

    @classmethod
    @cache
    def columns(cls) -> dict[str, str]:
        """Column name -> field name, in the order of the file: dates come last."""
        names = sorted(cls.fields, key=lambda name: name in ("valid_from", "valid_to"))
        return {cls.fields[name].header or name: name for name in names if name != "row"}

    @classmethod
    def read(cls, cells: Mapping[str, str], row: int) -> Self | tuple[CellProblem, ...]:
        """A row of the file, or all that is wrong with it.

        Args:
            cells: Column name -> stripped text; empty cells may be left out.
            row: The line that it stands on.
        """
        said: dict[str, Any] = {"row": row}
        problems = tuple(cls._read_into(said, cells))
        return problems or cls(**said)

    @classmethod
    def _read_into(cls, said: dict[str, Any], cells: Mapping[str, str]) -> Iterator[CellProblem]:
        # In the order of the fields, not of the file: checks ask for the fields before theirs.
        for name, one in cls.fields.items():
            if name in said:
                continue
            header = one.header or name
            try:
                said[name] = one.value(cells.get(header, ""), said)
            except CellError as error:
                yield CellProblem(header, error.problem, error.expected)

    @classmethod
    def restored(cls, said: Mapping[str, object]) -> Self:
        """A row from the JSON of its fields; it was valid when it was written."""
        return cls(**{name: cls.fields[name].restored(value) for name, value in said.items()})


def _column(annotation: object, declared: object) -> Column:
    one = declared if isinstance(declared, Column) else Column(default=declared)
    if one.parse is None and get_origin(annotation) is Literal:
        words = tuple(word for word in get_args(annotation) if word)
        one = one._replace(parse=one_of(*words), says=choice(words))
    return one._replace(annotation=annotation)
