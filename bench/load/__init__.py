"""What a visitor's side needs: made-up people, HTTP by hand, a closed loop of connections, a mail server."""
