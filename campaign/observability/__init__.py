"""What machines and administrators see of the site: logs, metrics, health, and faults told to a service elsewhere.

health       is the process up, can it serve
metrics      numbers for Prometheus, from `METRICS` in the settings, at /metrics
requests     counts each answer and how long it took
request_ids  one id for a request and for the work that it put into the outbox
logs         lines, or JSON, without addresses and tokens
sentry       faults to Sentry or a service that speaks like it, if the settings name one
"""
