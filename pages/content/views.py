import re
from typing import Any

from django.contrib.sitemaps.views import sitemap as show_sitemap
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign.sharing import pictures
from campaign.web.decorators import personal_page, public_page
from pages.content import selectors, sitemaps
from pages.content.context_processors import settings_of
from pages.content.preview import previewed_version, render_preview
from pages.models.news import Category
from pages.news.feed import NewsFeed
from pages.search import searching
from pages.search.hits import Found

NEWS_A_PAGE = HITS_A_PAGE = 20


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", selectors.of_home(settings_of(request)))


@public_page
@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    try:
        return render(request, "pages/page.html", selectors.of_page(path))
    except Http404:
        return redirect(selectors.moved(path), permanent=True)


@public_page
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/safety.html")


@public_page
@require_safe
def audience(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "pages/audience.html", selectors.of_audience(slug))


@public_page
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    category, year = known_category(asked.get("category", "")), known_year(asked.get("year", ""))
    context = selectors.of_news(category, year, asked.get("q", ""))
    shown = Paginator(context["items"], NEWS_A_PAGE).get_page(asked.get("page"))
    return render(request, "pages/news.html", {**context, "items": shown})


def known_category(name: str) -> str:
    return name if name in Category.values else ""


def known_year(text: str) -> int | None:
    return int(text) if re.fullmatch("[12][0-9]{3}", text) else None


@public_page
@require_safe
def news_item(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        return render(request, "pages/news_item.html", selectors.of_news_item(slug))
    except Http404:
        return redirect(selectors.moved(f"news/{slug}"), permanent=True)


@public_page
@require_safe
def news_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return pictures.picture_response(request, "pages/picture.txt", selectors.of_news_item(slug))


@public_page
@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    return NewsFeed()(request)


@public_page
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = searching.cleaned(request.GET.get("q", ""))
    found: Any = Found(question) if question else ()
    hits = Paginator(found, HITS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/search.html", {"hits": hits, "question": question})


@personal_page
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(render_preview(previewed_version(token), request))


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Made here, since Django's would read all rows to number the parts; they are counted in the database instead."""
    parts = [{"location": address} for address in sitemaps.part_names()]
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


@public_page
@require_safe
def sitemap_part(request: HttpRequest, name: str, number: str) -> HttpResponse:
    try:
        part = sitemaps.named_part(name, int(number))
    except KeyError:
        raise Http404 from None
    return show_sitemap(request, {name: part}).render()


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/robots.txt", content_type="text/plain; charset=utf-8")
