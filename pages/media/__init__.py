"""The library of pictures and documents that staff upload.

pictures     refuses what is hostile, and makes pictures anew from their pixels, in the sizes that pages need
documents    the same for PDF and plain text
folders      where the files are, and under which names they are served
uses         where a picture or document is shown, so that it is not deleted while it is
"""
