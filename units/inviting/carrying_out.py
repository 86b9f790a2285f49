"""The verb that invites: all people of a list in one transaction, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from units import audit, authority, first_passwords, mail, scope
from units.accounts import ADD, FIRST_PASSWORD_LASTS, group_of, random_password
from units.importing.uploads import gone
from units.inviting.letters import letter
from units.inviting.plan import Invited, Plan, make_plan
from units.inviting.slips import Slip, in_tree_order, slip
from units.inviting.table import Line
from units.models import Account, AuditEntry, Deed, Upload
from units.rules import RuleError

Secrets = list[tuple[str, str]]


@sensitive_variables("secrets", "slips")
def invite(
    lines: Sequence[Line],
    *,
    actor: Account | None,
    using_up: Upload | None = None,
    needs_role: bool = True,
) -> list[Slip]:
    """Open the accounts of these rows, appoint them, queue a letter for whoever has an address.

    Returns a slip each, with the only copy of the password there is. `using_up` is the list that the rows
    come from; it is gone afterwards, and of two clicks the second finds it gone.
    Raises: RuleError `problems` where a row has an error, `stale` where somebody else opened one of the
    accounts meanwhile, `gone`, `not_yours`.
    """
    authority.check(actor, ADD)
    n_people = len(_sound(make_plan(lines, actor=actor, needs_role=needs_role)).people)
    # Before the transaction: on SQLite it keeps every other writer waiting.
    secrets = draw(n_people)
    try:
        with transaction.atomic():
            if using_up is not None:
                _use_up(using_up, n_people, actor)
            plan = _sound(make_plan(lines, actor=actor, needs_role=needs_role))
            slips = _carry_out(plan.people, secrets, actor)
    except IntegrityError as error:
        message = _("Somebody else has opened one of these accounts meanwhile; look at a new preview.")
        raise RuleError("stale", message) from error
    return in_tree_order(slips)


def draw(n_people: int) -> Secrets:
    """Return so many first passwords, each with its stored form."""
    passwords = [random_password() for _person in range(n_people)]
    return list(zip(passwords, first_passwords.hashes(passwords), strict=True))


def _sound(plan: Plan) -> Plan:
    """Return a plan without errors. Raises: RuleError `problems`."""
    if plan.problems:
        message = _("Nobody was invited: %(count)d errors have to be corrected first.")
        raise RuleError("problems", message % {"count": len(plan.problems)})
    return plan


def _use_up(upload: Upload, n_people: int, actor: Account | None) -> None:
    """Claim the list for this transaction. Raises: RuleError `gone`."""
    n_claimed, _models = Upload.objects.filter(pk=upload.pk).delete()
    if not n_claimed:
        raise gone()
    audit.record(Deed.IMPORT, actor=actor, changes={"file": upload.name, "people": n_people})


def _carry_out(people: list[Invited], secrets: Secrets, actor: Account | None) -> list[Slip]:
    """Write it all, set-wise."""
    now = timezone.now()
    for person, (_password, hashed) in zip(people, secrets, strict=True):
        account = person.account
        account.password, account.password_is_initial = hashed, True
        account.password_expires_at = now + FIRST_PASSWORD_LASTS
        account.is_staff = any(role.is_staff for role, _unit in person.roles)
    Account.objects.bulk_create([person.account for person in people], batch_size=1000)
    _appoint(people)
    audit.record_many(entry for person in people for entry in _entries(person, actor))
    mail.enqueue([letter(person.account) for person in people if person.account.email])
    return [
        slip(person.account, person.roles, password)
        for person, (password, _hashed) in zip(people, secrets, strict=True)
    ]


def _appoint(people: list[Invited]) -> None:
    """Write the grants, one statement per role and thousand people."""
    appointed = [(role, unit, person.account) for person in people for role, unit in person.roles]
    appointed.sort(key=lambda row: row[0].code)
    for role, rows in groupby(appointed, key=lambda row: row[0]):
        if role.permission:
            scope.grant_many(role.permission, [(account, unit) for _role, unit, account in rows if unit])
        else:
            group_of(role).user_set.add(*[account for _role, _unit, account in rows])


def _entries(person: Invited, actor: Account | None) -> Iterator[AuditEntry]:
    """Yield what the trail says of one person: opened, given a first password, appointed."""
    account = person.account
    facts = {"actor": actor, "subject": account}
    changes = {"username": account.username}
    yield audit.entry(Deed.CREATE, **facts, unit=account.unit, changes=changes)
    changes = {"way": "first password"}
    yield audit.entry(Deed.PASSWORD_CHANGE, **facts, unit=account.unit, changes=changes)
    for role, unit in person.roles:
        yield audit.entry(Deed.GRANT, **facts, unit=unit, changes={"role": role.code})
