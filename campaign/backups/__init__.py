"""Backups that only the holder of a private key can read, and their way back into an empty site.

A backup is a folder:

    campaign-20261201T211000Z/
        manifest.json              what it holds: rows of each table, files, checksums, the public key
        database.dump.encrypted    PostgreSQL's own archive (pg_dump), of the moment that the manifest counts
        media.tar.encrypted        what staff uploaded

It holds neither the settings (keys among them) nor KEY_FOLDER, which is there to be destroyed, nor the journal, which
tells a restored site what it lost.
"""
