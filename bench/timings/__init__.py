"""Does an answer tell what is known of an address? By its status, headers and body, byte for byte, or by its time.

known.py     people in every state, written into the database of the site
doors.py     what they ask, at each form that takes an address
compare.py   asks in turn for people of every state, and compares
ranks.py     Mann and Whitney's test
"""
