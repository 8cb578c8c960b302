"""Batches are read in the background: threads take one document after the other and hand it to a process."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from api import work
from api.settings import Settings
from api.store import batches
from api.store.store import Store, is_away
from api.store.times import now
from kpi.configuration import Config
from kpi.documents import problem
from kpi.pools import Pool
from kpi.processes import EndedError
from kpi.schema import Extraction, Review

_log = logging.getLogger(__name__)

# A thread looks by itself for documents that another process of the service took in.
_LOOK_SECONDS = 5.0
_HOUSEKEEPING_SECONDS = 3600.0
# What could not be stored is tried again so much later; what the database refuses so often is said to be unread.
_AGAIN_SECONDS = 5.0
_ATTEMPTS = 3


class Runner:
    """Reads the documents of batches, with as many processes of their own as single requests have."""

    def __init__(self, store: Store, config: Config, settings: Settings, target: str) -> None:
        self._store, self._config = store, config
        self._pool = Pool(target, settings.workers, seconds=settings.seconds)
        self._seconds = settings.seconds
        self._retention = timedelta(days=settings.retention_days)
        self._news = threading.Condition()
        self._stopping = False
        batches.recover(store)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(settings.workers)]
        self._threads.append(threading.Thread(target=self._keep_house, daemon=True))
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that documents were taken in."""
        with self._news:
            self._news.notify_all()

    def stop(self) -> None:
        """Finish the documents that are being read; the others wait for the next start."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join()
        self._pool.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                claimed = batches.claim(self._store)
                if claimed is not None:
                    self._read(claimed)
                    continue
            except Exception:  # the database may be away for a while; the document waits for the next start
                _log.exception("a document of a batch was not finished")
            with self._news:
                if not self._stopping:
                    self._news.wait(_LOOK_SECONDS)

    def _read(self, claimed: batches.Claimed) -> None:
        answer = self._answer(claimed)
        if isinstance(answer, EndedError) and not (answer.late or answer.left):
            answer = self._answer(claimed)  # the first process may have been ended for another's sake
        if isinstance(answer, EndedError):
            if answer.left or (self._stopping and not answer.late):
                return  # not the document's fault: it is read again after the next start
            answer = work.ended(answer, self._seconds)
        self._keep(claimed, answer)

    def _answer(self, claimed: batches.Claimed) -> work.Read | work.Refusal | EndedError:
        try:
            call = self._pool.submit(claimed.content, claimed.label, claimed.fiscal_year, self._config)
            answer: work.Read | work.Refusal = call.result()
        except EndedError as ended:
            return ended
        except Exception:
            _log.exception("batch %s, document %s", claimed.batch, claimed.number)
            return _unread("读取时出错")
        return answer

    def _keep(self, claimed: batches.Claimed, answer: work.Read | work.Refusal) -> None:
        """Store what was read; as long as the database is away, again and again, until the service stops."""
        refused = 0
        while True:
            try:
                return self._store_answer(claimed, answer)
            except Exception as error:
                _log.exception("batch %s, document %s was not stored", claimed.batch, claimed.number)
                refused += not is_away(error)
            if refused == _ATTEMPTS:
                answer = _unread("读取结果无法保存")
            if self._stopping or refused > 2 * _ATTEMPTS:
                return None  # it is read again after the next start
            with self._news:
                self._news.wait_for(lambda: self._stopping, _AGAIN_SECONDS)

    def _store_answer(self, claimed: batches.Claimed, answer: work.Read | work.Refusal) -> None:
        store, batch, number = self._store, claimed.batch, claimed.number
        if isinstance(answer, work.Refusal):
            batches.fail(store, batch, number, answer.code, answer.message)
        else:
            extraction = Extraction.model_validate_json(answer.extraction)
            batches.finish(store, batch, number, extraction, Review.model_validate_json(answer.review))

    def _keep_house(self) -> None:
        while not self._stopping:
            try:
                batches.forget_uploads(self._store, now() - self._retention)
            except Exception:
                _log.exception("uploads were not deleted")
            with self._news:
                self._news.wait_for(lambda: self._stopping, _HOUSEKEEPING_SECONDS)


def _unread(why: str) -> work.Refusal:
    return work.Refusal("not_readable", problem("not_readable", why).message)
