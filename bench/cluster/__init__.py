"""The site on many machines, each an address of the loopback: any of them can be lost while people sign.

machines.py   what stands where, started from the files in deploy/cluster/
cluster.py    all of it, with the nodes of the site
faults.py     what is killed, frozen, switched over and lost, and for how long nobody may be served then
writers.py    somebody writes to each database server directly: is there ever more than one that takes it?
drill.py      people come at a steady rate, fault after fault; in the end the checker of bench/chaos judges all of it
"""
