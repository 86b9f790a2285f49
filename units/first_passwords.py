"""How a first password is kept: quickly for thousands at once, without being easier to guess.

A first password is drawn, not thought up: 20 of 31 signs are 99 bits. With 2^14 rounds of PBKDF2 a try
costs as much as with 113 bits. Source: OWASP ASVS 5.0, 6.5.2: a secret of 112 bits needs no slow hash.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """Writes quickly and reads as slowly as any other; the first right sign-in replaces it by the default."""

    algorithm = "first_password"
    iterations = 2**14

    def verify(self, password: str, encoded: str) -> bool:
        """Compare, and take the time of the default hasher: how long a try takes tells nothing (C13)."""
        is_right = super().verify(password, encoded)
        slow = get_hasher("default")
        slow.encode(password, slow.salt())
        return is_right


def hashes(passwords: Sequence[str]) -> list[str]:
    """Return the stored form of each, on all processors; OpenSSL works outside of Python's lock."""
    hasher = FirstPasswordHasher()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda password: make_password(password, hasher=hasher), passwords))
