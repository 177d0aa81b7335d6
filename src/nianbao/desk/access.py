"""Who is asking, and what they may do: decided here and nowhere else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from nianbao.desk.storage import Account

INVITED_DAYS = 14
"""So long an invitation can be taken up."""


class Role(StrEnum):
    """What somebody is for: writes a bureau's report, reviews it, or runs the county's."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    OFFICE = "office"

    @property
    def word(self) -> str:
        """How the role reads."""
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
    """Somebody with a session; ``account`` is None before they log in.

    Parameters
    ----------
    session
        The token in the browser's cookie.
    account
        Whose it is.
    is_local
        The person at this machine, who needs no account.
    """

    session: str
    account: Account | None = None
    is_local: bool = False

    @property
    def name(self) -> str:
        """As the journal names them."""
        if self.is_local:
            return "本机"
        return self.account.person if self.account else "访客"

    @property
    def role(self) -> Role | None:
        """The role; the person at this machine is the office."""
        if self.is_local:
            return Role.OFFICE
        return Role(self.account.role) if self.account else None

    @property
    def is_known(self) -> bool:
        """Whether they may see more than the page to log in."""
        return self.role is not None

    @property
    def is_office(self) -> bool:
        """Whether they run the county's reports."""
        return self.role is Role.OFFICE

    @property
    def agency(self) -> str:
        """The bureau that they belong to; empty for the office."""
        return self.account.agency if self.account else ""

    def may(self, need: Need, agency: str = "") -> bool:
        """Whether they may open a page that asks for this, of this agency."""
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
        return need is not Need.WRITE or self.role is Role.CLERK


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def form_token(secret: bytes, session: str) -> str:
    """What the forms of a session must carry."""
    return hmac.new(secret, session.encode(), hashlib.sha256).hexdigest()


def is_form_token(secret: bytes, session: str, given: str) -> bool:
    """Whether a form came from a page that this session was shown."""
    return hmac.compare_digest(form_token(secret, session), given)
