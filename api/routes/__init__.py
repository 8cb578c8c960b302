"""The endpoints: one module a noun, each with its ``router``."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import extractions, health, rules, values

ROUTERS: tuple[APIRouter, ...] = (extractions.router, values.router, rules.router, health.router)
