"""What every test of the desk may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher

from nianbao.desk import access


@pytest.fixture(scope="module", autouse=True)
def real_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """Hash passwords for the least work that Argon2 allows; the hasher of the desk itself."""
    real, quick = access._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "_hasher", lambda: quick)
        yield real
