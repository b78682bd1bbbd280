"""The texts that a campaign proposes, in the language of whoever gets them, with the words in brackets filled."""
