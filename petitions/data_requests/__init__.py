"""Let signers see, correct, withdraw, export and erase their data by mailed link; erase what is past its retention."""
