"""Recognise who is asking and say what they may do; keep passwords, and slow down guessing."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from nianbao.desk.storage import Account, Store

INVITED_DAYS = 14
"""So long an invitation can be taken up."""


class AccountRole(StrEnum):
    """What somebody is for: writes a bureau's report, reviews it, or runs the county's."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    OFFICE = "office"

    @property
    def word(self) -> str:
        """The role in Chinese."""
        return {"clerk": "填报员", "reviewer": "审核人", "office": "政务公开办"}[self.value]


class Need(StrEnum):
    """What a page asks of its visitor.

    ``READ``, ``WRITE`` and ``SIGN`` are about the agency in the address; ``SIGN`` is what a
    reviewer may do besides digest: give reasons, decide on the leader's edits, freeze.
    """

    NOTHING = "nothing"
    ACCOUNT = "account"
    READ = "read"
    SIGN = "sign"
    WRITE = "write"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a session; ``account`` is None before they log in."""

    session: str
    """The token in the browser's cookie."""
    account: Account | None = None
    """Whose it is."""
    is_local: bool = False
    """The person at this machine, who needs no account: their browser was opened by the desk."""

    @property
    def name(self) -> str:
        """As the journal names them."""
        if self.is_local:
            return "本机"
        return self.account.person if self.account else "访客"

    @property
    def role(self) -> AccountRole | None:
        """The role; the person at this machine is the office."""
        if self.is_local:
            return AccountRole.OFFICE
        return AccountRole(self.account.role) if self.account else None

    @property
    def is_known(self) -> bool:
        """True if they may see more than the login page."""
        return self.role is not None

    @property
    def is_office(self) -> bool:
        """True if they run the county's reports."""
        return self.role is AccountRole.OFFICE

    @property
    def agency(self) -> str:
        """The bureau that they belong to; empty for the office."""
        return self.account.agency if self.account else ""

    def reads_words(self, agency: str) -> bool:
        """Return whether free words of a bureau's request ledger are quoted to them.

        They may be a person's name, and only the bureau's own clerk has to put them right.
        """
        return self.is_local or (self.role is AccountRole.CLERK and self.agency == agency)

    def reviews(self, agency: str) -> bool:
        """Return whether they read this bureau's report over, and somebody else writes it."""
        return (
            not self.is_local and self.role is not AccountRole.CLERK and self.may(Need.SIGN, agency)
        )

    def may(self, need: Need, agency: str = "") -> bool:
        """Return whether they may open a page that asks for this, of this agency."""
        match need:
            case Need.NOTHING:
                return True
            case Need.ACCOUNT:
                return self.is_known
            case Need.OFFICE:
                return self.is_office
        if self.is_office:
            return True
        if self.account is None or not agency or self.account.agency != agency:
            return False
        return need is not Need.WRITE or self.role is AccountRole.CLERK


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


def form_token(secret: bytes, session: str) -> str:
    """Return what the forms of a session must carry."""
    return hmac.new(secret, session.encode(), hashlib.sha256).hexdigest()


def is_form_token(secret: bytes, session: str, given: str) -> bool:
    """Return whether a form came from a page that this session was shown."""
    return hmac.compare_digest(form_token(secret, session), given)


SHORTEST, LONGEST = 10, 200
MOST_ATTEMPTS = 8
"""So many wrong passwords are let pass in `storage.ATTEMPT_MINUTES`, by name and by address."""
_LOGIN = re.compile(r"[\w.@-]{2,40}")


@cache
def _hasher() -> PasswordHasher:
    """Return Argon2id with the library's own measure; two cores serve a county."""
    return PasswordHasher(parallelism=1)


@cache
def _nobodys() -> str:
    """Return the hash that is checked for a name without an account, so that both take as long."""
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher().hash(password)


def check_password(stored: str | None, given: str) -> bool:
    """Return whether a password is the one whose hash is stored; None: there is no account."""
    try:
        return _hasher().verify(stored or _nobodys(), given[: LONGEST + 1]) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def fault_of(login: str, person: str, password: str, again: str) -> str:
    """Return why an account cannot be made like this; empty when it can."""
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
    """Return whether one of the sources has tried too often."""
    return any(store.attempts(source) >= MOST_ATTEMPTS for source in sources)
