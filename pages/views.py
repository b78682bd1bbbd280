import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaign.protection.pages import personal_page, public_page
from campaign.sharing import pictures
from pages import contents, feed, previewing, sitemaps
from pages.categories import Category
from pages.context import settings_of

NEWS_A_PAGE = 20


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", contents.of_home(settings_of(request)))


@public_page
@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    try:
        return render(request, "pages/page.html", contents.of_page(path))
    except Http404:
        return redirect(contents.moved(path), permanent=True)


@public_page
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/safety.html")


@public_page
@require_safe
def audience(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "pages/audience.html", contents.of_audience(slug))


@public_page
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    category, year = known_category(asked.get("category", "")), known_year(asked.get("year", ""))
    context = contents.of_news(category, year, asked.get("q", ""))
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
        return render(request, "pages/news_item.html", contents.of_news_item(slug))
    except Http404:
        return redirect(contents.moved(f"news/{slug}"), permanent=True)


@public_page
@require_safe
def news_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return pictures.answer(request, "pages/picture.txt", contents.of_news_item(slug))


@public_page
@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(feed.atom(), content_type="application/atom+xml; charset=utf-8")


@personal_page
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(previewing.preview(previewing.opened(token), request))


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sitemap_index.xml", {"parts": sitemaps.parts()}, content_type="application/xml")


@public_page
@require_safe
def sitemap_part(request: HttpRequest, name: str, number: str) -> HttpResponse:
    try:
        entries = sitemaps.entries(name, int(number))
    except KeyError:
        raise Http404 from None
    return render(request, "pages/sitemap.xml", {"entries": entries}, content_type="application/xml")


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/robots.txt", content_type="text/plain; charset=utf-8")
