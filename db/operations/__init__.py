"""What an operator asks of the store: records and rows, no frames, so that ``status`` need not wait for pandas.

The pages get the same as frames, from :mod:`db.queries`. The rows have the fields of the frame each function names.
"""
