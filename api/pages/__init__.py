"""The review pages: one module a group of pages, each with its ``router``."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import render, signing

ROUTERS: tuple[APIRouter, ...] = (render.router, signing.router)
