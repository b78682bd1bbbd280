"""The steps of writing a letter, as plain forms that carry what was typed: about you, the texts, preview, submit."""
