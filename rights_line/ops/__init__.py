"""Tools for the operator: the doctor, the purge at Twilio and the answer to a data request.

They read the deployment that the environment describes, and report or delete. The running service
never imports this package.
"""
