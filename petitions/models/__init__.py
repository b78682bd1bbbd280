from petitions.models.paper import BatchState, PaperBatch, PaperRemark, UploadPart
from petitions.models.petition import Petition, PetitionKey, PetitionText
from petitions.models.signature import Channel, Signature, State
from petitions.models.tally import CountEvent, HourTally, Tally, Total

__all__ = [
    "BatchState",
    "Channel",
    "CountEvent",
    "HourTally",
    "PaperBatch",
    "PaperRemark",
    "Petition",
    "PetitionKey",
    "PetitionText",
    "Signature",
    "State",
    "Tally",
    "Total",
    "UploadPart",
]
