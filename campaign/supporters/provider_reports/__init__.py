"""What the mail provider reports of mail that came back or was complained about: verified, read, and acted on."""
