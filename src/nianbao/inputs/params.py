"""placeholder, written by the inputs work"""
from __future__ import annotations
from pydantic import BaseModel, ConfigDict


class Agency(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: str
    kind: str
    short_name: str | None = None
    parent: str | None = None
    address: str | None = None
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None


class ReportParams(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    agency: str
    year: int
    report_date: str | None = None
    signature: bool = False
    sources: bool = False
    draft: bool = False
