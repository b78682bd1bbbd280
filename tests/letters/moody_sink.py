"""A mail server that can also turn moody after the letter has been handed over."""

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.live.smtp_sink import SmtpSink


class MoodySink(SmtpSink):
    """`after_data`: what it answers once it has the letter; None hangs up instead."""

    after_data: str | None = "250 OK queued as 42"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd
        if self.after_data is None or self.after_data.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        if self.after_data is None:
            assert server.transport is not None
            server.transport.close()
        return self.after_data or ""
