"""`socklab serve`: exercises solved in the browser, with files that are the command line's own.

Strategy: a small server on this machine's own loopback, for one learner. It runs code, so `guard` decides who may ask for
anything at all; `app` only knows what is asked for. Grading is a process of its own (`runs`), started as a learner would type it.
"""
