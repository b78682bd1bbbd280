#!/bin/sh
# What the image of PostgreSQL runs once, on an empty volume: the two roles, and the settings beside this file.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set owner_password="$OWNER_PASSWORD" --set site_password="$SITE_PASSWORD" \
    --file /etc/campaign/roles.sql
echo "include '/etc/campaign/campaign.conf'" >> "$PGDATA/postgresql.conf"
