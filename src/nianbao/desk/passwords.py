"""Passwords: what they must be, how they are stored, and how guessing is slowed down."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from nianbao.desk.storage import Store

SHORTEST, LONGEST = 10, 200
MOST_ATTEMPTS = 8
"""So many wrong passwords are let pass in `storage.ATTEMPT_MINUTES`, by name and by address."""
_LOGIN = re.compile(r"[\w.@-]{2,40}")


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's own measure; two cores serve a county."""
    return PasswordHasher(parallelism=1)


@cache
def _nobodys() -> str:
    """The hash that is checked for a name without an account, so that both take as long."""
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher().hash(password)


def check_password(stored: str | None, given: str) -> bool:
    """Whether a password is the one whose hash is stored; None: there is no account."""
    try:
        return _hasher().verify(stored or _nobodys(), given[: LONGEST + 1]) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def fault_of(login: str, person: str, password: str, again: str) -> str:
    """Why an account cannot be made like this; empty when it can."""
    if not _LOGIN.fullmatch(login):
        return "用户名用2至40个字母、汉字、数字，或“.”“-”“_”“@”"
    if not 1 <= len(person) <= 40:
        return "请写姓名，40字以内"
    if not SHORTEST <= len(password) <= LONGEST:
        return f"密码至少{SHORTEST}位，最多{LONGEST}位"
    if len(set(password)) < 5 or login.casefold() in password.casefold():
        return "密码太简单：不要与用户名相同，也不要用同几个字符重复"
    return "" if password == again else "两次写的密码不一样"


def is_throttled(store: Store, sources: tuple[str, ...]) -> bool:
    """Whether one of the sources has tried too often."""
    return any(store.attempts(source) >= MOST_ATTEMPTS for source in sources)
