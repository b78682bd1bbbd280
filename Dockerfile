# The site as one image: web, worker, relay, scheduler and manage.py differ in their command alone (compose.yaml).
# BASE: any image of Debian with Python 3.12 or newer as `python`, such as a mirror's.
# LOCK: requirements-extras.lock for MEDIA_BUCKET and OTLP_ENDPOINT.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
ARG LOCK=requirements-server.lock
RUN python -m venv /venv
COPY requirements-server.lock requirements-extras.lock /
RUN /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /${LOCK}
WORKDIR /site
COPY manage.py pyproject.toml LICENSE ./
COPY backoffice backoffice
COPY campaign campaign
COPY letters letters
COPY locale locale
COPY pages pages
COPY petitions petitions
COPY static static
COPY templates templates
RUN /venv/bin/python -m compileall -q backoffice campaign letters pages petitions

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin campaign \
    && install -d -o campaign -g campaign -m 0700 /data/keys /data/journal /data/media \
    && install -d -o campaign -g campaign -m 0755 /data/static
COPY --from=build /venv /venv
COPY --from=build /site /site
WORKDIR /site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    KEY_FOLDER=/data/keys JOURNAL_FOLDER=/data/journal MEDIA_FOLDER=/data/media STATIC_FOLDER=/data/static
USER campaign
EXPOSE 8000
CMD ["python", "-m", "campaign.serve", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--http", "1", "--no-ws", \
     "--workers", "2", "--blocking-threads", "16", "--respawn-failed-workers", "--workers-kill-timeout", "8", "campaign.wsgi:application"]
