"""The library of pictures, documents and films that staff upload (pages/uploads makes and stores the files).

views    serve the files
ranges   which part of a film a player asks for
uses     where a picture, document or film is shown, so that it is not deleted while it is
"""
