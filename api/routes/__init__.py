"""The endpoints: one module a noun, each with its ``router``."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import batches, extractions, health, metrics, rules, values

ROUTERS: tuple[APIRouter, ...] = (
    extractions.router,
    values.router,
    batches.router,
    rules.router,
    health.router,
    metrics.router,
)
