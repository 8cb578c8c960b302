"""The review pages: one module a group of pages, each with its ``router``."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import batch, comparing, home, manual, project, render, sheet, signing, source, trying

ROUTERS: tuple[APIRouter, ...] = (
    render.router,
    signing.router,
    home.router,
    batch.router,
    project.router,
    source.router,
    sheet.router,
    manual.router,
    trying.router,
    comparing.router,
)
