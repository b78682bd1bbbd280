-- As PostgreSQL's superuser; again to change a password: psql --file deploy/postgresql/roles.sql --set owner_password=... --set site_password=...
-- The owner migrates and is backed up as; the site's own role can rewrite neither tables nor the audit.
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['campaign_owner', 'campaign']) name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE campaign_owner PASSWORD :'owner_password';
ALTER ROLE campaign PASSWORD :'site_password';
-- Whatever language the server was installed in.
SELECT $$CREATE DATABASE campaign OWNER campaign_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'$$
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'campaign') \gexec
