"""What goes with a shared link: a picture with the present count, and a QR code. Both are made here, in any script."""
