"""A client of the application, without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api import service
from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"), database="", workers=2, open=True)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that reads documents as they say: those that begin with `mock:` hang, crash, take all memory."""
    told = Settings(data=tmp_path_factory.mktemp("faulty"), database="", workers=2, waiting=4, seconds=8, open=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "TARGET", "tests.faults:read")
        with TestClient(create_app(told), raise_server_exceptions=False) as client:
            yield client


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client
