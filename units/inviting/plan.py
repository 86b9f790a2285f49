"""The plan of an invitation: which accounts with which roles, and every error at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from units import scope
from units.inviting.names import NameGiver, Wanted
from units.inviting.table import Line, Place
from units.models import Account, Unit
from units.phones import is_phone, tidy_phone
from units.roles import HEAD, LEADER, LIAISON, REVIEWER, Role

# Who administers or audits is appointed by hand, one by one.
INVITED = {role.code: role for role in (LIAISON, HEAD, REVIEWER, LEADER)}
LANGUAGES = ("zh-hans", "en")
MOST_PEOPLE = 5000
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands against the invitation; `field` is a key of HEADINGS or empty."""

    place: Place
    field: str
    code: str
    message: str


@dataclass(slots=True)
class Invited:
    """One person with the roles of all their rows; the account is not stored yet."""

    place: Place
    account: Account
    roles: list[tuple[Role, Unit | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an invitation will do. With a problem it does nothing."""

    people: list[Invited]
    problems: list[Problem]

    @property
    def n_roles(self) -> int:
        """Return how many roles are given."""
        return sum(len(one.roles) for one in self.people)


def make_plan(lines: Sequence[Line], *, actor: Account | None, needs_role: bool = True) -> Plan:
    """Return the plan for rows of people; nothing is written. Only units that `actor` oversees exist here."""
    return Planner(lines, actor, needs_role).plan()


class Planner:
    """Compares rows with what is stored. Queries: about four, and one more per 5,000 rows."""

    def __init__(self, lines: Sequence[Line], actor: Account | None, needs_role: bool) -> None:
        self.lines = lines
        self.needs_role = needs_role
        self.far = scope.EVERYTHING if actor is None else scope.reach(actor, scope.OVERSEE)
        self.problems: list[Problem] = []
        self.units: dict[str, Unit] = {}
        self.known: dict[str, set[str]] = {}
        self.roles = _roles_by_name()

    def plan(self) -> Plan:
        """Return the plan."""
        if not self.lines:
            self._note(Place(), "", "no_rows", _("The table has a header and no row below it."))
        if len(self.lines) > MOST_PEOPLE:
            message = _("A list may have %(most)d rows; hand it in in parts.")
            self._note(Place(), "", "too_many", message % {"most": MOST_PEOPLE})
            return Plan([], self.problems)
        self.units = dict(self._units())
        self.known = {name: self._stored(name) for name in ("phone", "email")}
        self.known["name"] = self._namesakes()
        people = list(self._people())
        self._name(people)
        self.problems.sort(key=lambda problem: (problem.place.sheet, problem.place.row))
        return Plan(people, self.problems)

    def _units(self) -> Iterator[tuple[str, Unit]]:
        """Yield the units of the rows that are in reach, by code."""
        codes = sorted({line.texts["unit"] for line in self.lines} - {""})
        for start in range(0, len(codes), CHUNK):
            rows = Unit.objects.filter(self.far.condition("path"), code__in=codes[start : start + CHUNK])
            yield from ((unit.code, unit) for unit in rows.order_by())

    def _stored(self, name: str) -> set[str]:
        """Return those phones or addresses of the rows that an account has already."""
        tidied = (_contact(name, line.texts[name]) for line in self.lines)
        values, found = sorted(set(tidied) - {""}), set[str]()
        for start in range(0, len(values), CHUNK):
            rows = Account.objects.filter(**{f"{name}__in": values[start : start + CHUNK]})
            found.update(rows.values_list(name, flat=True))
        return found

    def _namesakes(self) -> set[str]:
        """Return those stored people whose name stands in the rows, as `_namesake` writes them."""
        names, found = sorted({line.texts["name"] for line in self.lines}), set[str]()
        for start in range(0, len(names), CHUNK):
            found.update(
                _namesake(account)
                for account in Account.objects.filter(name__in=names[start : start + CHUNK])
            )
        return found

    def _check_namesake(self, line: Line, account: Account) -> None:
        """Note a person without phone and address who looks like one that has an account."""
        if _namesake(account) in self.known["name"]:
            message = _(
                "%(person)s of this unit has an account already. If this is somebody else, add the phone."
            )
            self._note(line.place, "name", "person_known", message % {"person": account.name})

    def _people(self) -> Iterator[Invited]:
        """Yield each person once; a row with the same name and contact as one above is one more role."""
        seen: dict[str, Invited] = {}
        for line in self.lines:
            account = self._account(line)
            role, unit = self._role(line)
            contacts = [value for value in (account.phone, account.email) if value]
            if not contacts:
                contacts = [_namesake(account)]
                self._check_namesake(line, account)
            same = next((seen[value] for value in contacts if value in seen), None)
            if same is not None and same.account.name == account.name:
                self._add_role(same, role, unit, line)
                continue
            if same is not None:
                message = _("“%(person)s” in row %(row)d has this phone or address already.")
                facts = {"person": same.account.name, "row": same.place.row}
                self._note(
                    line.place, "phone" if account.phone else "email", "contact_twice", message % facts
                )
            person = Invited(line.place, account, [(role, unit)] if role else [])
            seen |= dict.fromkeys(contacts, person)
            yield person

    def _add_role(self, person: Invited, role: Role | None, unit: Unit | None, line: Line) -> None:
        """Give a person one more role, once."""
        if role is not None and (role, unit) in person.roles:
            message = _("This row says the same as row %(row)d.")
            self._note(line.place, "role", "row_twice", message % {"row": person.place.row})
        elif role is not None:
            person.roles.append((role, unit))

    def _account(self, line: Line) -> Account:
        """Return the unsaved account of a row, each field checked; the sign-in name follows."""
        texts = line.texts
        account = Account(
            name=texts["name"],
            unit=self.units.get(texts["unit"]),
            phone=_contact("phone", texts["phone"]),
            email=_contact("email", texts["email"]),
            username=Account.normalize_username(texts["username"]),
        )
        if account.phone and not is_phone(account.phone):
            self._note(line.place, "phone", "phone_wrong", _("This is no phone number."))
        for name in ("phone", "email"):
            if getattr(account, name) in self.known[name]:
                message = _("An account with this phone or address exists already; give it the role there.")
                self._note(line.place, name, "person_known", message)
        # Without a name of its own any valid one stands in for the check.
        filled = Account(**{f: getattr(account, f) for f in ("name", "phone", "email")})
        filled.username = account.username or "valid"
        try:
            filled.clean_fields(exclude=["unit", "password"])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._note(line.place, name, "refused", " ".join(messages))
        return account

    def _role(self, line: Line) -> tuple[Role | None, Unit | None]:
        """Return what the row appoints the person to; notes what is missing or unknown."""
        code, written = line.texts["unit"], line.texts["role"]
        unit = self.units.get(code)
        if code and unit is None:
            message = _("There is no unit with the code “%(code)s” that you oversee.")
            self._note(line.place, "unit", "unit_unknown", message % {"code": code})
        role = self.roles.get(written.casefold())
        if role is None and (written or self.needs_role):
            message = _("“%(role)s” is no role that is given by a list; write one of %(roles)s.")
            names = "、".join(str(one.label) for one in INVITED.values())
            self._note(line.place, "role", "role_unknown", message % {"role": written, "roles": names})
        if not code and (role is None or role.permission):
            self._note(line.place, "unit", "unit_missing", _("The code of the unit is missing."))
        if role is not None and not role.permission and not self.far.is_everything:
            self._note(line.place, "role", "out_of_reach", _("This role reaches further than you oversee."))
        return role, unit if role is not None and role.permission else None

    def _name(self, people: list[Invited]) -> None:
        """Give each person a sign-in name; notes a given one that is taken."""
        wanted = [_wanted(person.account) for person in people]
        giver = NameGiver(wanted)
        # What was written goes before what is made up.
        for person, one in sorted(zip(people, wanted, strict=True), key=lambda pair: not pair[1].given):
            person.account.username = giver.give(one)
            if not person.account.username:
                message = _("The sign-in name “%(name)s” is taken; choose another or leave it empty.")
                self._note(person.place, "username", "username_taken", message % {"name": one.given})

    def _note(self, place: Place, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(place, name, code, message))


def _wanted(account: Account) -> Wanted:
    return Wanted(account.name, account.unit.code if account.unit else "", account.phone, account.username)


def _namesake(account: Account) -> str:
    return f"{account.name} {account.unit_id or ''}"


def _contact(name: str, text: str) -> str:
    """Return a phone or an address as it is stored and compared."""
    return tidy_phone(text) if name == "phone" else text.lower()


def _roles_by_name() -> dict[str, Role]:
    """Return the roles by code and by their names in each language."""
    found = dict(INVITED)
    for language in LANGUAGES:
        with translation.override(language):
            found |= {str(role.label).casefold(): role for role in INVITED.values()}
    return found
