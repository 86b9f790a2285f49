"""What a password must be; settings choose the rules by `PASSWORD_POLICY`.

`asvs` asks for length and against the guessable; `mlps` also for kinds of characters, for no password twice
and for a new one every 90 days. Source: OWASP ASVS 5.0, 6.2; GB/T 22239-2019, 8.1.4.1 a.
"""

from __future__ import annotations

import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from units.models import Account

# What anybody would guess of a bureau of education, in characters, pinyin and English.
WORDS = (
    *("administrator", "bumen", "daxue", "danwei", "dangjian", "education", "gaoxiao", "guanli", "jiaoshi"),
    *(
        "jiaoyu",
        "jiaoyuju",
        "lianluo",
        "mima",
        "password",
        "portal",
        "school",
        "shenhe",
        "student",
        "teacher",
    ),
    *("tongji", "university", "weekly", "welcome", "xitong", "xuesheng", "xuexiao", "xueyuan", "youeryuan"),
    *("zhongxue", "zhoubao", "zhuanxiang", "zhuti", "admin", "edu", "jyj", "jyt", "jyw"),
    *("教育", "学校", "中学", "小学", "大学", "学院", "幼儿园", "老师", "教师", "学生", "校长", "单位"),
    *("部门", "联络员", "管理员", "审核", "周报", "统计", "密码", "主题", "党建"),
)
YEAR = re.compile(r"(?:19|20)\d{2}年?")
RUN = re.compile(r"0?123456789?0?|qwerty(?:uiop)?|asdfgh(?:jkl)?|abcdefgh?|(.)\1{2,}")
# This many characters have to be left beside words, years and runs.
LEAST_REST = 8


def plain(text: str) -> str:
    """Return the text as a guesser compares it: one width, one case."""
    return unicodedata.normalize("NFKC", text).casefold()


class OrganisationWordsValidator:
    """Refuses a password that is little more than the bureau's words, a unit's name and a year."""

    def __init__(self, words: tuple[str, ...] | list[str] = ()) -> None:
        self.words = tuple(plain(word) for word in (*WORDS, *words))

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Check one password. Raises: ValidationError `password_of_words`."""
        rest = plain(password)
        for word in sorted((*self.words, *_names(user)), key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = RUN.sub("", YEAR.sub("", rest))
        if len(rest) < LEAST_REST:
            raise ValidationError(
                _(
                    "This password is mostly a word that everybody here would try, a year or a row of keys."
                    " Add words of your own."
                ),
                code="password_of_words",
            )

    def get_help_text(self) -> str:
        """Return the rule for the form."""
        return _("It is more than the names of the bureau and its units, years and rows of keys.")


class CharacterKindsValidator:
    """Asks for a number of the four kinds: small letters, capitals, digits, other signs."""

    KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^a-zA-Z0-9]"))

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Check one password. Raises: ValidationError `password_kinds`."""
        if sum(bool(kind.search(password)) for kind in self.KINDS) < self.least:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        """Return the rule for the form."""
        return _(
            "It has at least %(least)d of the four kinds: small letters, capitals, digits, other signs."
        ) % {"least": self.least}


class FormerPasswordsValidator:
    """Refuses the password that the account has and the ones that it had last, `n_last` in all."""

    def __init__(self, n_last: int = 1) -> None:
        self.n_last = n_last

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Check one password. Raises: ValidationError `password_used_before`."""
        if not isinstance(user, Account) or user.pk is None:
            return
        former = (
            user.former_passwords.values_list("hash", flat=True)[: self.n_last] if self.n_last > 1 else []
        )
        if any(check_password(password, known) for known in {user.password, *former}):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """Return the rule for the form."""
        return ngettext(
            "It is not the present password.",
            "It is none of the last %(n_last)d passwords.",
            self.n_last,
        ) % {"n_last": self.n_last}


def _names(user: AbstractBaseUser | None) -> list[str]:
    """Return what is known of the person and the unit, where it is long enough to be a word."""
    if not isinstance(user, Account):
        return []
    known = [user.username, user.name, user.phone, user.email.partition("@")[0]]
    if user.unit is not None:
        known += [user.unit.name, user.unit.code]
    return [plain(word) for word in known if len(word) >= 3]
