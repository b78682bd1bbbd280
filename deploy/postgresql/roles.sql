-- As PostgreSQL's superuser, once: psql --file deploy/postgresql/roles.sql --set owner_password=... --set site_password=...
-- The owner migrates and is backed up as; the site's own role can rewrite neither tables nor the audit.
CREATE ROLE campaign_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE campaign LOGIN PASSWORD :'site_password';
-- Whatever language the server was installed in.
CREATE DATABASE campaign OWNER campaign_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
