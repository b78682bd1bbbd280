"""Lists of subscribers that come from elsewhere, and those that leave the site.

    one = uploads.receive(pieces, ...)       kept encrypted, and read once for what is wrong with it
    loading.start(one, by=staff)             a worker loads it, slice by slice (handlers.py)
    undo.start(one, by=staff)
    export_file.take(export, by=staff)       after two people and a day

Nobody is subscribed who had left or is suppressed. The report names lines that cannot be read, and otherwise numbers.
"""
