"""What the fields of an organisation file hold: each kind with what is expected where something else is found."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, cast
from zoneinfo import available_timezones

import holidays
from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from documents.faults import one_of
from documents.headings import plain
from documents.organisation_whole import Whole
from documents.shapes import expected
from domain.people import RoleName
from domain.programmes import Mode
from domain.words import _

Word = TypeVar("Word")

ROLES: Mapping[str, RoleName] = {
    **{role.value: role for role in RoleName},
    "administratorin": RoleName.ADMINISTRATOR,
    "qualitätsmanager": RoleName.QUALITY_MANAGER,
    "qualitätsmanagerin": RoleName.QUALITY_MANAGER,
    "leitung": RoleName.MANAGER,
    "führungskraft": RoleName.MANAGER,
    "auditorin": RoleName.AUDITOR,
}
MODES: Mapping[str, Mode] = {Mode.TEAM.value: Mode.TEAM}
"""The modes that keep what they promise; the confidential one waits until few people's numbers stay hidden."""
TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "true", "x", "1", "ja", "wahr"), True),
    **dict.fromkeys(("no", "false", "0", "nein", "falsch"), False),
}

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_WEIGHT = re.compile(r"\d{1,9}(?:\.\d{1,9}|/[1-9]\d{0,8})?")


def word_of(words: Mapping[str, Word], names: Callable[[], str]) -> BeforeValidator:
    """Read one of some words; `names` says which there are."""

    def read(value: object) -> Word:
        if (word := words.get(plain(str(value)))) is None:
            raise expected(names())
        return word

    return BeforeValidator(read)


def listed(value: object) -> object:
    """Read a list that is written in one cell, its parts divided by semicolons."""
    return [part for each in value.split(";") if (part := each.strip())] if isinstance(value, str) else value


def _each_once(values: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a list without what stands in it again: it says nothing more."""
    return tuple(dict.fromkeys(values))


def _modes() -> str:
    return _("team (confidential is not there yet: what fewer than five people answered would show in counts)")


def _key(text: str) -> str:
    if not re.fullmatch(r"[^\s;]{1,80}", text):
        raise expected(_("an id of at most 80 characters without spaces and semicolons"))
    return text


def _once_in(section: str) -> AfterValidator:
    def check(key: str, info: ValidationInfo) -> str:
        if (times := _whole(info).known(section)[key]) > 1:
            raise expected(_("an id that stands once, not {number} times").format(number=times))
        return key

    return AfterValidator(check)


def _one_of(section: str) -> AfterValidator:
    def check(key: str, info: ValidationInfo) -> str:
        known = _whole(info).known(section)
        if key not in known:
            raise expected(_("an id from {section}: {known}").format(section=section, known=one_of(known, key)))
        return key

    return AfterValidator(check)


def _whole(info: ValidationInfo) -> Whole:
    return cast("Whole", info.context)


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise expected(_("a time zone: {known}").format(known=one_of(sorted(available_timezones()), name)))
    return name


@cache
def _regions() -> frozenset[str]:
    countries = holidays.list_supported_countries(include_aliases=False)
    return frozenset(countries) | {f"{country}-{part}" for country, parts in countries.items() for part in parts}


def _region(code: str) -> str:
    if code not in _regions():
        raise expected(_("a holiday region: {known}").format(known=one_of(sorted(_regions()), code)))
    return code


def _language(tag: str) -> str:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise expected(_("a language such as en, de or de-AT")) from error
    return tag


def _mail(address: str, info: ValidationInfo) -> str:
    try:
        mail = validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise expected(_("a mail address ({reason})").format(reason=error)) from error
    if (times := _whole(info).mails[address.casefold()]) > 1:
        raise expected(
            _("an address that one person has, not {number}; leave it empty for who has none").format(number=times)
        )
    return mail


def _day(value: object) -> date:
    written = _DAY.fullmatch(str(value))
    try:
        return date.fromisoformat(written[1] if written else "")
    except ValueError as error:
        raise expected(_("a day such as 2027-02-28")) from error


def _span(value: object) -> tuple[date, date]:
    if week := _WEEK.fullmatch(str(value)):
        try:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        except ValueError as error:
            raise expected(_("a week of that year")) from error
        return monday, monday + timedelta(days=6)
    first, _slash, last = str(value).partition("/")
    try:
        span = _day(first), _day(last or first)
    except PydanticCustomError as error:
        raise expected(_("days such as 2027-02-22/2027-02-28, 2027-02-28 or 2027-W08")) from error
    if span[0] > span[1]:
        raise expected(_("the earlier day first"))
    return span


def _weight(value: object) -> Fraction:
    if not _WEIGHT.fullmatch(str(value)):
        raise expected(_("a weight of 0 or more, such as 2, 0.5 or 1/3"))
    return Fraction(str(value))


def _text_schema(**more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **more})


def _days_schema() -> dict[str, Any]:
    return {"pattern": r"^\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?$|^\d{4}-W\d{2}$"}


_PATTERN = r"^[^\s;]{1,80}$"

Key: TypeAlias = Annotated[str, AfterValidator(_key), _text_schema(pattern=_PATTERN)]
UnitId: TypeAlias = Annotated[Key, _once_in("units")]
PersonId: TypeAlias = Annotated[Key, _once_in("people")]
ProgrammeId: TypeAlias = Annotated[Key, _once_in("programmes")]
IndicatorId: TypeAlias = Annotated[Key, _once_in("indicators")]
PartyId: TypeAlias = Annotated[Key, _once_in("interested_parties")]
KnownUnit: TypeAlias = Annotated[Key, _one_of("units")]
KnownPerson: TypeAlias = Annotated[Key, _one_of("people")]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
ElementId: TypeAlias = Annotated[str, Field(min_length=1, max_length=40)]
TimeZone: TypeAlias = Annotated[str, AfterValidator(_time_zone), _text_schema(examples=["Europe/Berlin"])]
Region: TypeAlias = Annotated[str, AfterValidator(_region), _text_schema(examples=["DE-BY", "AT-9"])]
Language: TypeAlias = Annotated[str, AfterValidator(_language), _text_schema(examples=["en", "de"])]
Mail: TypeAlias = Annotated[str, AfterValidator(_mail), _text_schema(format="email")]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Span: TypeAlias = Annotated[tuple[date, date], BeforeValidator(_span), _text_schema(**_days_schema())]
Weight: TypeAlias = Annotated[
    Fraction, BeforeValidator(_weight), WithJsonSchema({"type": ["number", "string"], "minimum": 0})
]
Rank: TypeAlias = Annotated[int, Field(ge=0, le=1000)]
Role: TypeAlias = Annotated[RoleName, word_of(ROLES, lambda: one_of(RoleName))]
PlayedAs: TypeAlias = Annotated[Mode, word_of(MODES, _modes)]
Truth: TypeAlias = Annotated[bool, word_of(TRUTHS, lambda: _("yes or no"))]
KnownUnits: TypeAlias = Annotated[tuple[KnownUnit, ...], BeforeValidator(listed), AfterValidator(_each_once)]
ElementIds: TypeAlias = Annotated[tuple[ElementId, ...], BeforeValidator(listed), AfterValidator(_each_once)]
Days: TypeAlias = Annotated[tuple[Day, ...], BeforeValidator(listed), AfterValidator(_each_once)]
Spans: TypeAlias = Annotated[tuple[Span, ...], BeforeValidator(listed), AfterValidator(_each_once)]
Roles: TypeAlias = Annotated[tuple[Role, ...], BeforeValidator(listed), AfterValidator(_each_once)]
