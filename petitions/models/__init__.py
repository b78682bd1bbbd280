from petitions.models.petition import Petition, PetitionKey, PetitionText
from petitions.models.signature import Channel, Signature, State
from petitions.models.tally import CountEvent, HourTally, Tally, Total

__all__ = ["Channel", "CountEvent", "HourTally", "Petition", "PetitionKey", "PetitionText", "Signature", "State", "Tally", "Total"]
