"""The pages of the admin in the language of whoever reads them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from campaign.staff.languages.choice import language_of_request
from campaign.web.middleware import DESK


class StaffLanguageMiddleware:
    """Below the sessions. What visitors read has its language in its address (campaign/web/languages.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DESK):
            return self.get_response(request)
        language = language_of_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response
