"""Tools for the operator: doctor, purge at Twilio, answer to a data request, counts and report.

They read the deployment that the environment describes, and report or delete. The running service
imports only what RIGHTS_LINE_METRICS and RIGHTS_LINE_COUNTS turn on.
"""
