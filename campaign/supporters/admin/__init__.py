from campaign.supporters.admin import exports, imports, segments, subscribers

__all__ = ["exports", "imports", "segments", "subscribers"]
