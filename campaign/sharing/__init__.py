"""What a link brings along elsewhere: a picture with the true count, and its QR code. Both made here, in any script."""
