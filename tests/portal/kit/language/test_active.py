"""Language and beginning of addresses belong to the thread in which a request is answered."""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync, sync_to_async
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import get_language, gettext, trans_real

from portal.kit.language.active import drop_empty_catalogues


def test_another_thread_speaks_the_language_of_the_site_whatever_this_one_speaks() -> None:
    with translation.override("fr"), ThreadPoolExecutor(1) as other:
        assert other.submit(get_language).result() == "en"
        assert get_language() == "fr"


def test_what_a_request_awaits_speaks_its_language() -> None:
    async def asked() -> tuple[str | None, str | None]:
        return get_language(), await sync_to_async(get_language)()

    def asked_in_french() -> tuple[str | None, str | None]:
        with translation.override("fr"):
            return async_to_sync(asked)()

    # In a thread of its own: a browser of other tests keeps an event loop in theirs.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asked_in_french).result() == ("fr", "fr")


def test_without_a_language_a_request_speaks_that_of_the_site() -> None:
    with translation.override("fr"):
        translation.deactivate()
        assert get_language() == "en"
        assert get_script_prefix() == "/"


def test_english_sentences_are_looked_for_in_no_catalogue_that_has_none() -> None:
    # Other tests make catalogues anew.
    drop_empty_catalogues()
    with translation.override("en"):
        assert gettext("Projects") == "Projects"
        assert all(len(each) > 1 for each in trans_real.translation("en")._catalog._catalogs)
