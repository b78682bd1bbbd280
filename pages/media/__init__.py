"""The library of pictures and documents that staff upload (pages/uploads makes and stores the files).

views    serve the files
uses     where a picture or document is shown, so that it is not deleted while it is
"""
