from petitions.models.handover import HandOver
from petitions.models.key import KeyReplacement, PetitionKey
from petitions.models.milestone import CountCheck, Milestone
from petitions.models.moderation.decision import Decision, JobState
from petitions.models.moderation.hold_trace import HoldTrace, TraceKind
from petitions.models.paper import BatchState, PaperBatch, PaperRemark, UploadPart
from petitions.models.petition import Clearing, Petition
from petitions.models.sheet import PaperSheet, Rekeying
from petitions.models.signature import Channel, HeldSignature, Signature, State
from petitions.models.tally import CountEvent, HourTally, Tally, Total
from petitions.models.text import PetitionText
from petitions.models.trend import Trend
from petitions.models.voice import Voice, VoiceState

__all__ = [
    "BatchState",
    "Channel",
    "Clearing",
    "CountCheck",
    "CountEvent",
    "Decision",
    "HandOver",
    "HeldSignature",
    "HoldTrace",
    "HourTally",
    "JobState",
    "KeyReplacement",
    "Milestone",
    "PaperBatch",
    "PaperRemark",
    "PaperSheet",
    "Petition",
    "PetitionKey",
    "PetitionText",
    "Rekeying",
    "Signature",
    "State",
    "Tally",
    "Total",
    "TraceKind",
    "Trend",
    "UploadPart",
    "Voice",
    "VoiceState",
]
